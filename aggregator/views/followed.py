"""The settings of what a reader follows and hides, and their sources as a list for other programs, out and in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.following import TooMuchFollowed, follow_all, unfollow_sources
from accounts.logged_in import user_of
from accounts.preferences import preferences_of
from aggregator.followed_lists import KINDS, overview, section_of
from aggregator.languages import languages_offered
from aggregator.opml_follows import match
from aggregator.templatetags.places import by_name
from aggregator.views.syndication import as_opml
from feeds.catalogues.catalogue import MAX_BYTES, read_catalogue
from feeds.catalogues.exporting import export
from feeds.catalogues.rows import NotACatalogue, Row
from feeds.errors import SandboxError
from feeds.models import Feed
from zisnews.answers import done, refused
from zisnews.limits import count, somebody

MOST_ROWS = 5_000  # of a list
MOST_NAMED = 200  # of a list, what we do not have
LISTS_PER_HOUR = 20
MISSING, TAKEN_IN = "missing_sources", "sources_taken_in"  # of the last list: to be shown once, and to be taken back
LONGEST_SOUGHT = 100


@never_cache
@login_required
@require_GET
def following(request: HttpRequest) -> HttpResponse:
    """All that a user follows, keeps and hides; ?q= looks among it, ?show= gives one section whole, page by page."""
    user, kind = user_of(request), request.GET.get("show", "")
    sought = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SOUGHT]
    if kind and kind not in KINDS:
        raise Http404
    after = request.GET.get("after", "")
    sections = [section_of(user, kind, sought, after)] if kind else overview(user, sought)
    context = {
        "sections": sections,
        "shown": kind,
        "sought": sought,
        "after": after,
        "total": sum(section.total for section in sections),
        "is_found": any(section.rows for section in sections),
        "languages": by_name(languages_offered(), "language"),
        "hidden_languages": preferences_of(request).hidden_languages,
        "missing": request.session.pop(MISSING, None) if MISSING in request.session else None,
    }
    return render(request, "settings/following.html", context)


@never_cache
@login_required
@require_GET
def sources_out(request: HttpRequest) -> HttpResponse:
    """The feeds of the sources a user follows, as OPML, for any reader program."""
    feeds = Feed.objects.filter(source__follows__user=user_of(request), is_paused=False, retired_at=None)
    return as_opml(export("opml", feeds), "zisnews-following")


@never_cache
@login_required
@require_POST
def sources_in(request: HttpRequest) -> HttpResponse:
    """Follow those of our sources that another program's list (`file`, OPML) names. The page names the others, once.

    With `undo` yes those that the last list brought are let go again.
    """
    count(somebody(request), "follow-lists", limit=LISTS_PER_HOUR, seconds=3600)
    if request.POST.get("undo") == "yes":
        gone = unfollow_sources(user_of(request), request.session.pop(TAKEN_IN, []))
        words = ngettext("You no longer follow %(n)d source.", "You no longer follow %(n)d sources.", gone)
        return done(request, words % {"n": gone}, otherwise=reverse("following"))
    file, otherwise = request.FILES.get("file"), f"{reverse('following')}#files"
    if file is None:
        return refused(request, _("Choose a file first."), otherwise=otherwise)
    try:
        found = match(rows_of(file.read(MAX_BYTES + 1), file.name or "OPML"))
        new = follow_all(user_of(request), found.sources, timezone.now())
    except (NotACatalogue, SandboxError):
        words = _("This is no list of feeds: export an OPML file from your reader program, of 2 MB at most.")
        return refused(request, words, otherwise=otherwise)
    except TooMuchFollowed as error:
        return refused(request, str(error), otherwise=otherwise)
    request.session[MISSING] = {"rows": found.missing[:MOST_NAMED], "count": len(found.missing)}
    request.session[TAKEN_IN] = [source.pk for source in new]
    words = words_of(len(new), len(found.sources) - len(new))
    undo = reverse("follow_list") if new else ""
    level = messages.SUCCESS if new else messages.INFO
    return done(request, words, otherwise=otherwise, undo=undo, fields={"undo": "yes"}, level=level)


def rows_of(content: bytes, name: str) -> list[Row]:
    """The feeds a list names. Raises NotACatalogue, also for one longer than anybody reads: who sent it waits."""
    plain = content.replace(b"\0", b"").lower()  # as UTF-16 spells it
    rows = plain.count(b"<outline") if b"<" in plain[:16] else plain.count(b"\n")
    if rows > MOST_ROWS:
        raise NotACatalogue(f"{name} names more than {MOST_ROWS} feeds.")
    return read_catalogue(content, name)


def words_of(new: int, known: int) -> str:
    words = [ngettext("You follow %(n)d more source.", "You follow %(n)d more sources.", new) % {"n": new}]
    if known:
        words.append(ngettext("You followed %(n)d before.", "You followed %(n)d before.", known) % {"n": known})
    return " ".join(words)
