"""The forms by which a reader follows and hides. Each leads back to where it stood, with a way to take it back."""

from collections.abc import Mapping

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from accounts import excluding, following
from accounts.after_login import ask_to_log_in
from accounts.excluding import exclusions_of
from accounts.following import TooMuchFollowed
from accounts.logged_in import user_of
from accounts.models import User
from aggregator.followables import NoSuchThing, Search, Thing, address_of, find, name_of, reference_of, set_followed
from aggregator.languages import languages_offered, languages_to_hide
from aggregator.pending import FOLLOW, HIDE, SAVE
from aggregator.templatetags.places import language_name
from feeds.formats.characters import without_forbidden
from feeds.models import Source
from zisnews.answers import back_to, done, refused, wants_part
from zisnews.limits import count, somebody

CHANGES_PER_MINUTE = 120
LONGEST_NAME = 100  # of a search, as accounts.following keeps it


@csrf_exempt  # a reader without account has no token; a user's is asked for below
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follow (`follow` is yes) or let go (no) what `what` and `id` name: aggregator.followables.find says how.

    Whoever is not logged in is sent to do so; what they wanted to follow is followed as soon as they are.
    """
    is_wanted = yes_or_no(request, "follow")
    thing = thing_of(request)
    if isinstance(request.user, User):
        return change(request, thing, is_wanted)
    what, key = reference_of(thing)
    kept = {"what": what, "id": key, "is_wanted": is_wanted}
    words = _("Log in to follow.")
    return ask_to_log_in(request, FOLLOW, kept, back=back_to(request, address_of(thing)), words=words)


@csrf_protect
def change(request: HttpRequest, thing: Thing, is_wanted: bool) -> HttpResponse:
    """Do it for a user; the page they were on, the button alone, or JSON {…, "followed": true}."""
    count(somebody(request), "follows", limit=CHANGES_PER_MINUTE, seconds=60)
    otherwise = address_of(thing)
    try:
        set_followed(user_of(request), thing, is_wanted, timezone.now())
    except TooMuchFollowed as error:
        return refused(request, str(error), otherwise=otherwise)
    if wants_part(request):
        return render(request, "aggregator/_follow.html", button_of(thing, is_wanted))
    words = _("You follow “%(name)s”.") if is_wanted else _("You no longer follow “%(name)s”.")
    what, key = reference_of(thing)
    back = {"what": what, "id": key, "follow": "no" if is_wanted else "yes"}
    words %= {"name": name_of(thing)}
    return done(request, words, otherwise=otherwise, undo=reverse("follow"), fields=back, followed=is_wanted)


def button_of(thing: Thing, is_on: bool) -> dict[str, object]:
    """What the template of the button needs."""
    what, key = reference_of(thing)
    return {"what": what, "key": key, "is_followed": is_on}


@csrf_exempt  # as above
@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep the search of `query` (its address, after the "?") under `name`, or no longer: `saved` is yes or no."""
    is_wanted = yes_or_no(request, "saved")
    try:
        search = find("search", request.POST.get("query", ""))
    except NoSuchThing as error:
        raise BadRequest(str(error)) from error
    assert isinstance(search, Search)
    if isinstance(request.user, User):
        return keep_search(request, search, is_wanted)
    back = back_to(request, address_of(search))
    kept = {"query": search.query, "is_wanted": is_wanted}
    return ask_to_log_in(request, SAVE, kept, back=back, words=_("Log in to keep searches."))


@csrf_protect
def keep_search(request: HttpRequest, search: Search, is_wanted: bool) -> HttpResponse:
    count(somebody(request), "follows", limit=CHANGES_PER_MINUTE, seconds=60)
    user, otherwise = user_of(request), address_of(search)
    typed = request.POST.get("name", "")[: 2 * LONGEST_NAME]
    name = " ".join(without_forbidden(typed).split())[:LONGEST_NAME] or search.words
    is_followed = True if request.POST.get("followed") == "yes" else None
    back: dict[str, str] = {"query": search.query}
    if is_wanted:
        try:
            following.save_search(user, search.query, timezone.now(), name=name, is_followed=is_followed)
        except TooMuchFollowed as error:
            return refused(request, str(error), otherwise=otherwise)
        words, back = _("The search “%(name)s” is kept."), back | {"saved": "no"}
    else:
        gone = following.forget_search(user, search.query)
        words, back = _("The search “%(name)s” is no longer kept."), back | {"saved": "yes"}
        if gone:
            name, back = gone.name, back | {"name": gone.name, "followed": "yes" if gone.is_followed else "no"}
    return done(
        request, words % {"name": name}, otherwise=otherwise, undo=reverse("save_search"), fields=back, saved=is_wanted
    )


@csrf_exempt  # as above
@require_POST
def hide_source(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a reader no article of a source any more (`hidden` is yes), or show them again (no)."""
    is_wanted = yes_or_no(request, "hidden")
    source = get_object_or_404(Source, slug=slug)
    if isinstance(request.user, User):
        return change_hidden(request, source, is_wanted)
    back = back_to(request, address_of(source))
    kept = {"source": source.slug, "is_wanted": is_wanted}
    return ask_to_log_in(request, HIDE, kept, back=back, words=_("Log in to hide sources."))


@csrf_protect
def change_hidden(request: HttpRequest, source: Source, is_wanted: bool) -> HttpResponse:
    count(somebody(request), "follows", limit=CHANGES_PER_MINUTE, seconds=60)
    user, now = user_of(request), timezone.now()
    if is_wanted:
        excluding.hide_source(user, source, now)
        words = _("“%(name)s” is hidden: its articles are in no list of yours.")
    else:
        excluding.show_source(user, source, now)
        words = _("“%(name)s” is shown again.")
    back = {"hidden": "no" if is_wanted else "yes"}
    undo = reverse("hide_source", args=[source.slug])
    words %= {"name": source.name}
    return done(request, words, otherwise=address_of(source), undo=undo, fields=back, hidden=is_wanted)


@require_POST
def hide_languages(request: HttpRequest) -> HttpResponse:
    """Hide articles in some languages: all of ours but those of `read`, or exactly those of `hidden`.

    Both are primary tags, in several fields or in one, apart by spaces. Without any `read` all are shown: nobody wants
    to read nothing.
    """
    if not isinstance(request.user, User):
        raise Http404
    count(somebody(request), "follows", limit=CHANGES_PER_MINUTE, seconds=60)
    offered, now = set(languages_offered()), timezone.now()
    before = exclusions_of(request.user, now).languages
    if "hidden" in request.POST:
        hidden = tags_of(request.POST.getlist("hidden")) & offered
    else:
        hidden = languages_to_hide(tags_of(request.POST.getlist("read")))
    excluding.hide_languages(request.user, hidden, now)
    fields: Mapping[str, str] = {"hidden": " ".join(before)}
    undo = reverse("hide_languages")
    return done(
        request, words_of_languages(offered, hidden), otherwise=reverse("following"), undo=undo, fields=fields,
        hidden=sorted(hidden),
    )  # fmt: skip


def words_of_languages(offered: set[str], hidden: set[str]) -> str:
    if not hidden:
        return _("Articles in all languages are shown.")
    names = ", ".join(sorted(language_name(tag) for tag in offered - hidden))
    return _("You read articles in: %(languages)s. Others are hidden.") % {"languages": names}


def tags_of(fields: list[str]) -> set[str]:
    return {tag for field in fields for tag in field.lower().split()}


def thing_of(request: HttpRequest) -> Thing:
    """What a form names, or the address it is sent to; raises Http404 where there is nothing like it."""
    try:
        if story := request.GET.get("story"):  # from a menu, whose form names no kind but a source
            return find("story", story)
        return find(request.POST.get("what", ""), request.POST.get("id", "") or request.GET.get("id", ""))
    except NoSuchThing as error:
        raise Http404(str(error)) from error


def yes_or_no(request: HttpRequest, name: str) -> bool:
    """What a field says; raises BadRequest for anything else."""
    said = request.POST.get(name)
    if said not in {"yes", "no"}:
        raise BadRequest(f"{name} is yes or no.")
    return said == "yes"
