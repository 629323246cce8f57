"""A user's blocked keywords, and blocking from a headline. Every change leads back with a way to undo it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import excluding
from accounts.excluding import Blocked, Wanted
from accounts.forms import CHOICES_UNTIL, CHOICES_WHERE, KeywordForm
from accounts.keyword_lists import (
    CONTENT_TYPES,
    MOST_BYTES,
    NotAList,
    parse_moment,
    places,
    read_list,
    starter_lists,
    write_list,
)
from accounts.keywords import KeywordError, Where, parse_keyword
from accounts.models import BlockedKeyword, User
from accounts.preferences import preferences_of
from aggregator import blocked
from aggregator.headline_words import words_to_block
from aggregator.models import Article
from zisnews import answers
from zisnews.answers import back_to
from zisnews.limits import count, somebody
from zisnews.pagination import LARGEST_ID

ORDERS = {"newest": ("-added_at", "-pk"), "name": ("normal_form",), "hides": ("-hides_count", "normal_form")}
UNDO = "keywords_to_undo"
PREVIEWS_PER_MINUTE, CHANGES_PER_MINUTE = 120, 120


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@never_cache
@login_required
def keywords(request: HttpRequest) -> HttpResponse:
    """The list with what each hides, and the form to add one; a POST adds it (contract.md)."""
    if request.method == "POST":
        return add(request)
    typed = request.GET.get("try", "")
    if not typed:
        return show(request, KeywordForm())
    asked = request.GET.copy()
    asked["keyword"] = typed
    return show(request, KeywordForm(initial={"keyword": typed}), tried(KeywordForm(asked)))


def show(
    request: HttpRequest, form: KeywordForm, preview: blocked.Preview | None = None, status: int = 200
) -> HttpResponse:
    now, user = timezone.now(), user_of(request)
    chosen = request.GET.get("sort", "newest")
    found = BlockedKeyword.objects.filter(user=user)
    sought = request.GET.get("q", "").replace("\0", "").strip()[:100]
    listed = list(
        (found.filter(text__icontains=sought) if sought else found).order_by(*ORDERS.get(chosen, ORDERS["newest"]))
    )
    for one in listed:
        one.is_on = one.is_in_force(now)  # type: ignore[attr-defined]
        one.places = Where(one.where)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "preview": preview,
        "keywords": listed,
        "total": found.count(),
        "sort": chosen,
        "sought": sought,
        "choices_until": CHOICES_UNTIL,
        "choices_where": CHOICES_WHERE,
        "starters": starter_lists(),
    }
    return render(request, "settings/keywords.html", context, status=status)


def add(request: HttpRequest) -> HttpResponse:
    """Block one keyword; the page anew, or JSON."""
    count(somebody(request), "keywords", limit=CHANGES_PER_MINUTE, seconds=60)
    form = KeywordForm(request.POST)
    is_page = request.accepts("text/html")
    now, user = timezone.now(), user_of(request)
    if form.is_valid():
        try:
            keyword = excluding.block(user, form.wanted(now, preferences_of(request).zone), now)
        except KeywordError as error:
            form.add_error("keyword", str(error))
        else:
            blocked.count_keywords([keyword], now)
            if not is_page:
                return JsonResponse(said_of(keyword), status=201)
            return done(request, words_of_blocking(keyword), undo={"remove": [keyword.pk]})
    if not is_page:
        message = " ".join(str(text) for errors in form.errors.values() for text in errors)
        return JsonResponse({"error": {"code": 422, "message": message}}, status=422)
    return show(request, form, status=422)


def words_of_blocking(keyword: BlockedKeyword) -> str:
    words = ngettext(
        "“%(keyword)s” is blocked; it hides %(n)d article of the last week.",
        "“%(keyword)s” is blocked; it hides %(n)d articles of the last week.",
        keyword.hides_count,
    )
    return words % {"keyword": keyword.text, "n": keyword.hides_count}


def said_of(keyword: BlockedKeyword) -> dict[str, Any]:
    until = keyword.until.isoformat() if keyword.until else None
    return {"id": keyword.pk, "keyword": keyword.text, "until": until, "hides": keyword.hides_count}


def tried(form: KeywordForm) -> blocked.Preview | None:
    """What a typed keyword would hide; None while it is none."""
    if not form.is_valid():
        return None
    keyword = parse_keyword(
        form.cleaned_data["keyword"], where=form.place(), capitals_matter=not form.cleaned_data["any_case"]
    )
    return blocked.preview(keyword, timezone.now())


@never_cache
@login_required
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The part of the page that says what a keyword would do, for a script to show while it is typed."""
    count(somebody(request), "keyword-previews", limit=PREVIEWS_PER_MINUTE, seconds=60)
    form = KeywordForm(request.GET)
    return render(request, "settings/_keyword_preview.html", {"preview": tried(form), "form": form})


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove, pause or resume a keyword, or change where it looks and until when: `do` says which."""
    count(somebody(request), "keywords", limit=CHANGES_PER_MINUTE, seconds=60)
    now = timezone.now()
    if request.POST.get("do") == "remove":
        return remove(request, pk, now)
    keyword = get_object_or_404(BlockedKeyword, pk=pk, user=user_of(request))
    try:
        words = changed(keyword, request.POST, now)
    except BlockedKeyword.DoesNotExist as error:  # removed in another tab just now
        raise Http404 from error
    return done(request, words)


def remove(request: HttpRequest, pk: int, now: datetime) -> HttpResponse:
    """Take a keyword away; the second press of a double click finds nothing, and leads back to what the first said."""
    gone = excluding.unblock(user_of(request), [min(pk, LARGEST_ID)], now)
    if not gone:
        return HttpResponseRedirect(back_to(request, reverse("keywords")), status=303)
    words = _("“%(keyword)s” is no longer blocked.") % {"keyword": gone[0].text}
    return done(request, words, undo={"add": kept(gone)})


def changed(keyword: BlockedKeyword, asked: QueryDict, now: datetime) -> str:
    """Change a keyword as a form asks, and say so. Raises Http404 where it asks nothing we know."""
    what = asked.get("do")
    if what in {"pause", "resume"}:
        excluding.change(
            keyword, now, is_paused=what == "pause", until=keyword.until if keyword.is_in_force(now) else None
        )
        words = _("“%(keyword)s” is paused.") if what == "pause" else _("“%(keyword)s” is blocked again.")
        return words % {"keyword": keyword.text}
    if what == "where":
        excluding.change(keyword, now, where=places(asked.getlist("where")).value)
        blocked.count_keywords([keyword], now)
        return words_of_blocking(keyword)
    raise Http404


def kept(gone: Iterable[BlockedKeyword]) -> list[dict[str, Any]]:
    """Removed keywords as a session can hold them."""
    return [
        {
            "text": one.text,
            "where": one.where,
            "capitals_matter": one.capitals_matter,
            "until": one.until.isoformat() if one.until else "",
        }
        for one in gone
    ]


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last change, once."""
    last = request.session.pop(UNDO, None) or {}
    now, user = timezone.now(), user_of(request)
    excluding.unblock(user, last.get("remove", []), now)
    wanted = [
        Wanted(one["text"], Where(one["where"]), one["capitals_matter"], parse_moment(one["until"]))
        for one in last.get("add", [])
    ]
    added = excluding.block_all(user, wanted, now).added
    blocked.count_keywords(added[: blocked.COUNTED_AT_ONCE], now)
    return done(request, _("Taken back."))


@login_required
@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Block the words of a file, of a text field (one a line), or those ticked of a starter list or a headline."""
    count(somebody(request), "keyword-lists", limit=10, seconds=60)
    file = request.FILES.get("file")
    try:
        wanted = read_list(file.read(MOST_BYTES + 1)) if file else []
        wanted += read_list(request.POST.get("list", "").encode())
    except NotAList as error:
        return done(request, str(error), level=messages.ERROR)
    wanted += [Wanted(text) for text in request.POST.getlist("keyword")]
    now = timezone.now()
    report = excluding.block_all(user_of(request), wanted, now)
    blocked.count_keywords(report.added[: blocked.COUNTED_AT_ONCE], now)
    undo = {"remove": [one.pk for one in report.added]} if report.added else None
    return done(request, words_of(report), undo=undo, level=messages.INFO if report.added else messages.WARNING)


def words_of(report: Blocked) -> str:
    """What became of a list, with the first reasons why something was left out."""
    added = len(report.added)
    words = [ngettext("%(n)d keyword is blocked.", "%(n)d keywords are blocked.", added) % {"n": added}]
    words += [f"{text[:40]}: {reason}" for text, reason in report.refused[:5]]
    if more := len(report.refused) - 5:
        words += (
            [ngettext("%(n)d more was left out.", "%(n)d more were left out.", more) % {"n": more}] if more > 0 else []
        )
    return " ".join(words)


@never_cache
@login_required
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The user's keywords as a file: txt, csv or json."""
    if kind not in CONTENT_TYPES:
        raise Http404
    keywords = BlockedKeyword.objects.filter(user=user_of(request)).order_by("normal_form")
    response = HttpResponse(write_list(keywords, kind), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="zisnews-keywords.{kind}"'
    return response


@never_cache
@login_required
@require_GET
def from_headline(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a headline, to choose from."""
    article = get_object_or_404(Article.objects.cards(), pk=pk)
    return render(
        request,
        "settings/block_from_headline.html",
        {
            "article": article,
            "words": words_to_block(article.title),
            "back": back_to(request, article.get_absolute_url()),
        },
    )


def done(
    request: HttpRequest, words: str, *, undo: dict[str, Any] | None = None, level: int = messages.INFO
) -> HttpResponse:
    """Back to where the change was made, with what it did; `undo` is kept in the session, for keywords are private."""
    if undo:
        request.session[UNDO] = undo
    way = reverse("keywords_undo") if undo else ""
    return answers.done(request, words, otherwise=reverse("keywords"), undo=way, level=level)
