"""A user's blocked keywords, one by one. Every change leads back with a way to undo it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import excluding
from accounts.excluding import AlreadyBlocked
from accounts.forms import AS_IT_IS, CHOICES_UNTIL, CHOICES_WHERE, ChoicesForm, KeywordForm
from accounts.keyword_lists import place_names, starter_lists
from accounts.keywords import KeywordError, Where, parse_keyword
from accounts.logged_in import user_of
from accounts.models import BlockedKeyword, User
from accounts.models.exclusions import BlockedKeywordQuerySet
from accounts.preferences import preferences_of
from aggregator import blocked, keyword_changes
from aggregator.models import Article
from aggregator.previewing import Preview, preview_of
from zisnews import answers
from zisnews.answers import back_to
from zisnews.limits import count, somebody
from zisnews.pagination import LARGEST_ID, Page, alphabetical_page, counted_page, newest_page

NEWEST, BY_NAME, HIDES_MOST = "newest", "name", "hides"
ROWS_PER_PAGE = 100
NOTES_PUT_AWAY, MOST_NOTES = "notes_put_away", 200
PREVIEWS_PER_MINUTE, CHANGES_PER_MINUTE = 120, 120


@never_cache
@login_required
def keywords(request: HttpRequest) -> HttpResponse:
    """The list with what each hides, and the form to add one; a POST adds it (contract.md)."""
    if request.method == "POST":
        return add(request)
    typed = request.GET.get("try", "")
    if not typed:
        return show(request, KeywordForm())
    count(somebody(request), "keyword-previews", limit=PREVIEWS_PER_MINUTE, seconds=60)
    asked = request.GET.copy()
    asked["keyword"] = typed
    return show(request, KeywordForm(initial={"keyword": typed}), preview=tried(KeywordForm(asked), user_of(request)))


def show(request: HttpRequest, form: KeywordForm, *, status: int = 200, **context: object) -> HttpResponse:
    """The page: the rows that ?q=, ?sort= and ?after= ask for; with ?edit= one keyword alone, its choices open."""
    now, found = timezone.now(), BlockedKeyword.objects.filter(user=user_of(request))
    sort, after = request.GET.get("sort", NEWEST), request.GET.get("after", "")
    sought, edited = request.GET.get("q", "").replace("\0", "").strip()[:100], request.GET.get("edit", "")
    sort = sort if sort in {BY_NAME, HIDES_MOST} else NEWEST
    wanted = found.filter(text__icontains=sought) if sought else found
    if edited.isascii() and edited.isdigit() and int(edited) <= LARGEST_ID:
        wanted = wanted.filter(pk=edited)
    page = page_of(wanted, sort, after)
    for one in page.rows:
        one.is_on = one.is_in_force(now)  # type: ignore[attr-defined]
        one.places = Where(one.where)  # type: ignore[attr-defined]
        one.place_names = place_names(Where(one.where))  # type: ignore[attr-defined]
    context = {
        "form": form,
        "page": page,
        "keywords": page.rows,
        "total": found.count(),
        "sort": sort,
        "after": after,
        "sought": sought,
        "edited": edited,
        "choices_until": CHOICES_UNTIL,
        "choices_where": CHOICES_WHERE,
        "as_it_is": AS_IT_IS,
        "starters": starter_lists(),
    } | context
    return render(request, "settings/keywords.html", context, status=status)


def page_of(keywords: BlockedKeywordQuerySet, sort: str, after: str) -> Page[BlockedKeyword]:
    if sort == BY_NAME:
        return alphabetical_page(keywords, after, key="normal_form", size=ROWS_PER_PAGE)
    if sort == HIDES_MOST:
        return counted_page(keywords, after, counts=["hides_count"], size=ROWS_PER_PAGE)
    return newest_page(keywords, after, moment="added_at", size=ROWS_PER_PAGE)


def add(request: HttpRequest) -> HttpResponse:
    """Block one keyword; the page anew, or JSON. Of two that are sent the last counts: another form of the first."""
    count(somebody(request), "keywords", limit=CHANGES_PER_MINUTE, seconds=60)
    form = KeywordForm(request.POST)
    is_page = request.accepts("text/html")
    now, user = timezone.now(), user_of(request)
    existing = None
    if form.is_valid():
        try:
            keyword = excluding.block(user, form.wanted(now, preferences_of(request).zone), now)
        except KeywordError as error:
            form.add_error("keyword", str(error))
            existing = error.existing if isinstance(error, AlreadyBlocked) else None
        else:
            blocked.count_keywords([keyword], now)
            if not is_page:
                return JsonResponse(said_of(keyword) | way_back(request, added=[keyword]), status=201)
            typed = request.POST.getlist("keyword")
            otherwise = f"{reverse('keywords')}?{urlencode({'try': typed[0]})}" if len(typed) > 1 else ""
            return done(request, words_of_blocking(keyword), added=[keyword], otherwise=otherwise)
    if not is_page:
        message = " ".join(str(text) for errors in form.errors.values() for text in errors)
        return JsonResponse({"error": {"code": 422, "message": message}}, status=422)
    return show(request, form, status=422, existing=existing)


def words_of_blocking(keyword: BlockedKeyword) -> str:
    words = ngettext(
        "“%(keyword)s” is blocked; it hides %(n)d article of the last week.",
        "“%(keyword)s” is blocked; it hides %(n)d articles of the last week.",
        keyword.hides_count,
    )
    return words % {"keyword": keyword.text, "n": keyword.hides_count}


def said_of(keyword: BlockedKeyword) -> dict[str, Any]:
    until = keyword.until.isoformat() if keyword.until else None
    return {
        "id": keyword.pk,
        "keyword": keyword.text,
        "until": until,
        "hides": keyword.hides_count,
        "message": words_of_blocking(keyword),
    }


def way_back(request: HttpRequest, *, added: Iterable[BlockedKeyword]) -> dict[str, Any]:
    """How a script takes back what it did, as zisnews.answers says it."""
    change = keyword_changes.remember(request, added=added)
    return {"undo": {"url": reverse("keywords_undo"), "fields": {"change": change}}}


def tried(form: KeywordForm, user: User) -> Preview | None:
    """What a typed keyword would hide; None while it is none."""
    if not form.is_valid():
        return None
    keyword = parse_keyword(
        form.cleaned_data["keyword"], where=form.place(), capitals_matter=not form.cleaned_data["any_case"]
    )
    return preview_of(keyword, user, timezone.now())


@never_cache
@login_required
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The part of the page that says what a keyword would do, for a script to show while it is typed."""
    count(somebody(request), "keyword-previews", limit=PREVIEWS_PER_MINUTE, seconds=60)
    form = KeywordForm(request.GET)
    context = {"preview": tried(form, user_of(request)), "form": form}
    return render(request, "settings/_keyword_preview.html", context)


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove, pause or resume a keyword, or change its choices: `do` says which."""
    count(somebody(request), "keywords", limit=CHANGES_PER_MINUTE, seconds=60)
    now = timezone.now()
    if request.POST.get("do") == "remove":
        return remove(request, pk, now)
    keyword = get_object_or_404(BlockedKeyword, pk=min(pk, LARGEST_ID), user=user_of(request))
    before = keyword_changes.choices_of(keyword)
    try:
        words = changed(keyword, request.POST, now, preferences_of(request).zone)
    except BlockedKeyword.DoesNotExist as error:  # removed in another tab just now
        raise Http404 from error
    except KeywordError as error:
        return answers.refused(request, str(error), otherwise=reverse("keywords"))
    if before == keyword_changes.choices_of(keyword):  # the second press of a double click
        return done(request, words)
    return done(request, words, changed={"pk": keyword.pk} | before)


def remove(request: HttpRequest, pk: int, now: datetime) -> HttpResponse:
    """Take a keyword away; the second press of a double click finds nothing, and leads back to what the first said."""
    gone = excluding.unblock(user_of(request), [min(pk, LARGEST_ID)], now)
    if not gone:
        return HttpResponseRedirect(back_to(request, reverse("keywords")), status=303)
    return done(request, _("“%(keyword)s” is no longer blocked.") % {"keyword": gone[0].text}, removed=gone)


def changed(keyword: BlockedKeyword, asked: QueryDict, now: datetime, zone: Any) -> str:
    """Change a keyword as a form asks, and say so. Raises Http404 where it asks nothing we know, or KeywordError."""
    what = asked.get("do")
    if what in {"pause", "resume"}:
        until = keyword.until if keyword.until and keyword.until > now else None
        excluding.change(keyword, now, is_paused=what == "pause", until=until)
        words = _("“%(keyword)s” is paused.") if what == "pause" else _("“%(keyword)s” is blocked again.")
        return words % {"keyword": keyword.text}
    if what != "change":
        raise Http404
    form = ChoicesForm(asked)
    if not form.is_valid():
        raise KeywordError(" ".join(str(text) for errors in form.errors.values() for text in errors))
    excluding.change(keyword, now, **form.choices(now, zone))
    blocked.count_keywords([keyword], now)
    return words_of_blocking(keyword)


@login_required
@require_POST
def put_note_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no more on the page of this article that lists hide it; for as long as the user stays logged in."""
    article = get_object_or_404(Article.objects.only("slug"), pk=min(pk, LARGEST_ID))
    put_away = [one for one in request.session.get(NOTES_PUT_AWAY, []) if one != pk]
    request.session[NOTES_PUT_AWAY] = [*put_away, pk][-MOST_NOTES:]
    return HttpResponseRedirect(article.get_absolute_url(), status=303)


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the change that `change` names, or the last one; once."""
    count(somebody(request), "keywords", limit=CHANGES_PER_MINUTE, seconds=60)
    is_done = keyword_changes.take_back(request, user_of(request), timezone.now())
    return done(request, _("Taken back.") if is_done else _("This was taken back already."))


def done(
    request: HttpRequest, words: str, *, otherwise: str = "", level: int = messages.INFO, **what: Any
) -> HttpResponse:
    """Back to where the change was made, with what it did; `what` was done, as keyword_changes.remember takes it."""
    change = keyword_changes.remember(request, **what) if any(what.values()) else ""
    return answers.done(
        request,
        words,
        otherwise=otherwise or reverse("keywords"),
        undo=reverse("keywords_undo") if change else "",
        fields={"change": change},
        level=level,
    )
