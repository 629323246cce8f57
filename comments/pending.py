"""What a reader answered before they logged in is done when they have."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from aggregator.models import Article
from comments.reactions import set_reaction

KEY = "reaction_after_login"


def keep_for_login(request: HttpRequest, article_id: int, kind: str) -> None:
    """Remember one answer in the session; the last one counts."""
    request.session[KEY] = {"article": article_id, "kind": kind}


@receiver(user_logged_in)
def do_what_was_kept(request: HttpRequest, user: User, **signal: Any) -> None:
    kept = request.session.pop(KEY, None) if hasattr(request, "session") else None
    if kept:
        with suppress(Article.DoesNotExist):  # it left the site meanwhile
            set_reaction(user, kept["article"], kept["kind"])
