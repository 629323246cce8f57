"""What a reader answered before they logged in is done when they have."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.http import HttpRequest

from accounts.after_login import after_login
from accounts.models import User
from aggregator.models import Article
from comments.reactions import set_reaction

REACTION = "reaction"


@after_login(REACTION)
def react(request: HttpRequest, user: User, kept: Mapping[str, Any]) -> None:
    with suppress(Article.DoesNotExist):  # it left the site meanwhile
        set_reaction(user, kept["article"], kept["kind"])
