"""What readers answer to an article, on its page."""

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from aggregator.models import Article
from aggregator.templatetags.moments import reader_zone
from comments import drawing, frames
from comments.deeds import own_deeds
from comments.models import Comment
from comments.pages import discussion_of
from comments.reactions import Answers
from comments.stamps import stamp_for
from comments.threads import Told
from comments.votes import Votes

register = template.Library()
register.simple_tag(drawing.name_of)


@register.simple_tag(takes_context=True)
def reactions(context: Context, article: Article) -> SafeString:
    """Like and dislike with their counts; for a reader without account, the way to log in that does it."""
    answered = own_deeds(context["request"], article).answered
    answers = Answers(article.like_count, article.dislike_count, answered)
    return frames.reactions(article, answers, own_token(context))


@register.simple_tag(takes_context=True)
def discussion(context: Context, article: Article) -> SafeString:
    """The comments on an article, and the form to write one."""
    request, token = context["request"], own_token(context)
    stamp = "" if token is None else stamp_for(request.POST, timezone.now())
    return frames.discussion(discussion_of(request, article), request.user.pk or 0, token, stamp)


def own_token(context: Context) -> object | None:
    """The token of a user's forms; None for who has no account."""
    return (context.get("csrf_token") or "") if context["request"].user.is_authenticated else None


@register.simple_tag(takes_context=True)
def threads(context: Context, trees: list[Told]) -> SafeString:
    """The items of a list of comments, with the answers to them."""
    return mark_safe(drawing.threads(trees, page_of(context)))  # noqa: S308  escaped there


@register.simple_tag(takes_context=True)
def one_comment(context: Context, told: Told) -> SafeString:
    """A comment by itself."""
    return mark_safe(drawing.alone(told, page_of(context)))  # noqa: S308


@register.simple_tag(takes_context=True)
def just_written(context: Context, told: Told, words: str, head: str) -> SafeString:
    """The item of a comment for a script to put in its place, with what it is to say, and what stands above all."""
    return mark_safe(drawing.just_written(told, page_of(context), words, head))  # noqa: S308


@register.simple_tag
def vote_buttons(comment: Comment, votes: Votes) -> SafeString:
    return mark_safe(drawing.vote_buttons(comment.pk, votes))  # noqa: S308


def page_of(context: Context) -> drawing.Page:
    user = context.get("user")
    is_user = bool(user and user.is_authenticated)
    return drawing.Page(reader_zone(context), timezone.now(), is_user, is_user and not context.get("closed"))
