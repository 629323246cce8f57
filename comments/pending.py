"""What a reader answered before they logged in is done when they have."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from accounts.after_login import after_login
from accounts.models import User
from aggregator.models import Article
from comments import discussion
from comments.errors import CommentError
from comments.models import Comment
from comments.reactions import set_reaction
from zisnews.messages import tell

REACTION, COMMENT = "reaction", "comment"


@after_login(REACTION)
def react(request: HttpRequest, user: User, kept: Mapping[str, Any]) -> None:
    with suppress(Article.DoesNotExist):  # it left the site meanwhile
        set_reaction(user, kept["article"], kept["kind"])


@after_login(COMMENT)
def comment(request: HttpRequest, user: User, kept: Mapping[str, Any]) -> None:
    """Post what somebody wrote whose session had ended."""
    parent = Comment.objects.filter(pk=kept["parent"], article=kept["article"]).first()
    with suppress(Article.DoesNotExist):
        article = Article.objects.only("pk").get(pk=kept["article"])
        try:
            discussion.post(user, article, kept["body"], parent=parent, now=timezone.now())
        except CommentError as error:
            tell(request, str(error), level=messages.ERROR)
