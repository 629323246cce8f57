"""The page where moderators judge: what waits, a key or a button for each judgement, and a way back from it."""

from collections.abc import Iterator, Sequence

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User, display_name_of
from comments import moderation, purging, waiting
from comments.errors import CannotModerate
from comments.figures import waiting_counts
from comments.models import Comment, Flag, ModerationAction, Purge
from comments.purge_progress import progress_of, purges_told
from zisnews.answers import done, refused
from zisnews.pagination import LARGEST_ID

AT_ONCE = 100  # comments, or things to take back
MOST_TOUCHED = 500  # comments of a purge; a page has far fewer


def queue_view(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Held and hidden comments, then flagged ones; `?show=flagged` or `waiting` is one of both lists by pages."""
    moderator_of(request)
    show, after = request.GET.get("show", ""), request.GET.get("after", "")
    if show not in {"", "waiting", "flagged"}:
        raise BadRequest("show is waiting or flagged.")
    counts = waiting_counts()
    sections = []
    for name, page_of, count in zip(
        ("waiting", "flagged"), (waiting.waiting_page, waiting.flagged_page), counts, strict=True
    ):
        if show in {"", name}:
            page = page_of(after if show else "")
            sections.append({"name": name, "count": count, "page": page, "cases": waiting.cases_of(page.rows)})
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Comments to be judged"),
        "opts": model_admin.opts,
        "sections": sections,
        "show": show,
        "after": after,
        "is_empty": not any(section["cases"] for section in sections),
        "purges": [] if after else purges_told(timezone.now()),
        "grounds": Flag.Reason.choices,
    }
    return TemplateResponse(request, "admin/comments/queue.html", context)


def judge_view(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """A POST of act=approve, remove or purge, `comment` once or several times, `ground` (of Flag.Reason) and `note`.

    Answers with the way back; JSON has the `judged`, the ids that are dealt with, by whomever.
    """
    moderator = moderator_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    ids = numbers(request.POST.getlist("comment"))
    act, ground = request.POST.get("act", ""), request.POST.get("ground", "") or Flag.Reason.SPAM.value
    if act not in ACTS or ground not in Flag.Reason.values:
        raise BadRequest("Not something to do about a comment.")
    if not ids:
        return refused(request, _("Choose comments first."), otherwise=queue_address())
    try:
        actions = list(ACTS[act](ids, moderator, ground, request.POST.get("note", "")))
    except CannotModerate as error:
        return refused(request, str(error), otherwise=queue_address())
    if not actions:
        return done(request, _("Somebody has dealt with this already."), otherwise=queue_address(), judged=ids)
    undo, fields = reverse("admin:comments_comment_undo"), {"action": ",".join(str(action.pk) for action in actions)}
    words = words_for(act, actions)
    return done(request, words, otherwise=queue_address(), undo=undo, fields=fields, judged=touched(act, ids, actions))


def undo_view(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """A POST of `action`, the numbers of what is to be taken back, by commas."""
    moderator = moderator_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    known = ModerationAction.objects.filter(pk__in=numbers(request.POST.get("action", "").split(",")))
    failures = []
    for pk in known.order_by("pk").values_list("pk", flat=True):
        try:
            moderation.undo(pk, moderator=moderator, now=timezone.now())
        except CannotModerate as error:
            failures.append(str(error))
    if failures:
        return refused(request, failures[0], otherwise=queue_address())
    return done(request, _("Taken back: all is as it was before."), otherwise=queue_address())


def suspended_view(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Who is suspended; a POST of `reader` lets one of them in again."""
    moderator, here = moderator_of(request), reverse("admin:comments_comment_suspended")
    if request.method == "POST":
        ids = numbers([request.POST.get("reader", "")])
        author = User.objects.filter(pk__in=ids).first()
        if author is None:
            raise BadRequest("There is no such reader.")
        moderation.restore(author.pk, moderator=moderator, now=timezone.now())
        words = _("%(name)s can comment again. What was removed stays so.") % {"name": display_name_of(author)}
        return done(request, words, otherwise=here)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Suspended readers"),
        "opts": model_admin.opts,
        "page": waiting.suspended_page(request.GET.get("after", "")),
        "after": request.GET.get("after", ""),
    }
    return TemplateResponse(request, "admin/comments/suspended.html", context)


def approve(ids: Sequence[int], moderator: User, ground: str, note: str) -> Iterator[ModerationAction]:
    for pk in standing(ids):
        if action := moderation.approve(pk, moderator=moderator, now=timezone.now()):
            yield action


def remove(ids: Sequence[int], moderator: User, ground: str, note: str) -> Iterator[ModerationAction]:
    for pk in standing(ids):
        if action := moderation.remove(pk, ground=ground, note=note, moderator=moderator, now=timezone.now()):
            yield action


def purge(ids: Sequence[int], moderator: User, ground: str, note: str) -> Iterator[ModerationAction]:
    """Raises CannotModerate, before anything is done, where one of the authors works here."""
    authors = User.objects.filter(comments__in=ids).order_by("pk").distinct()
    for author in sorted(authors, key=lambda author: not author.is_staff):
        if action := purging.purge(author.pk, ground=ground, note=note, moderator=moderator, now=timezone.now()):
            yield action


ACTS = {"approve": approve, "remove": remove, "purge": purge}


def standing(ids: Sequence[int]) -> list[int]:
    """Those of the comments that are there still."""
    return list(Comment.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def words_for(act: str, actions: Sequence[ModerationAction]) -> str:
    """What was done, as a sentence."""
    count = len(actions)
    if act == "approve":
        return ngettext("%d comment is approved.", "%d comments are approved.", count) % count
    if act == "remove":
        return ngettext("%d comment is removed.", "%d comments are removed.", count) % count
    names = ", ".join(display_name_of(action.about) for action in actions if action.about)
    purges = [progress_of(row) for row in Purge.objects.filter(action__in=actions).select_related("action")]
    if any(purge.finished_at is None for purge in purges):
        total = sum(purge.total for purge in purges)
        words = ngettext(
            "%(names)s: suspended. %(count)d comment is being removed; above the queue stands how far that is.",
            "%(names)s: suspended. %(count)d comments are being removed; above the queue stands how far that is.",
            total,
        )
        return words % {"names": names, "count": total}
    removed = sum(purge.done for purge in purges)
    words = ngettext(
        "%(names)s: suspended, and %(count)d comment removed.",
        "%(names)s: suspended, and %(count)d comments removed.",
        removed,
    )
    return words % {"names": names, "count": removed}


def touched(act: str, ids: Sequence[int], actions: Sequence[ModerationAction]) -> list[int]:
    """The comments that need no judgement any more: those named, and what a purge takes off the moderator's page."""
    if act != "purge":
        return list(ids)
    parts = ModerationAction.objects.filter(part_of__in=actions).exclude(comment=None).order_by("-pk")
    still = Comment.objects.filter(author__in=[action.about_id for action in actions], state__in=Comment.WAITING)
    gone = {*parts.values_list("comment", flat=True)[:MOST_TOUCHED], *still.values_list("pk", flat=True)[:MOST_TOUCHED]}
    return sorted({*ids, *gone})


def moderator_of(request: HttpRequest) -> User:
    if not moderation.may_moderate(request.user):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user


def numbers(given: Sequence[str]) -> list[int]:
    """Keys of rows, as a form names them; raises BadRequest for what is none."""
    found = [one for one in given if one]
    if len(found) > AT_ONCE or not all(one.isascii() and one.isdigit() and len(one) < 20 for one in found):
        raise BadRequest("Not numbers of rows.")
    return [min(int(one), LARGEST_ID) for one in found]


def queue_address() -> str:
    return reverse("admin:comments_comment_queue")
