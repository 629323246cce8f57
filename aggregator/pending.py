"""What a reader wanted to follow, keep or hide before they logged in is done when they have."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from accounts import excluding
from accounts.after_login import after_login
from accounts.following import TooMuchFollowed, forget_search, save_search
from accounts.models import User
from aggregator.followables import NoSuchThing, Search, find, set_followed
from feeds.models import Source
from zisnews.messages import tell

FOLLOW, SAVE, HIDE = "follow", "save search", "hide source"


@after_login(FOLLOW)
def follow(request: HttpRequest, user: User, kept: Mapping[str, Any]) -> None:
    try:
        set_followed(user, find(kept["what"], kept["id"]), kept["is_wanted"], timezone.now())
    except NoSuchThing:  # it left the site meanwhile
        return
    except TooMuchFollowed as error:
        tell(request, str(error), level=messages.ERROR)


@after_login(SAVE)
def keep(request: HttpRequest, user: User, kept: Mapping[str, Any]) -> None:
    search = Search(kept["query"])
    if not kept["is_wanted"]:  # their session had ended while the page stood open
        forget_search(user, search.query)
        return
    try:
        save_search(user, search.query, timezone.now(), name=search.words)
    except TooMuchFollowed as error:
        tell(request, str(error), level=messages.ERROR)


@after_login(HIDE)
def hide(request: HttpRequest, user: User, kept: Mapping[str, Any]) -> None:
    if source := Source.objects.filter(slug=kept["source"]).first():
        change = excluding.hide_source if kept["is_wanted"] else excluding.show_source
        change(user, source, timezone.now())
