"""Many keywords at once: lists in and out, starter lists, and the words of a headline."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import excluding
from accounts.excluding import Blocked, Wanted
from accounts.keyword_lists import CONTENT_TYPES, MOST_BYTES, MOST_LINES, NotAList, of_starters, read_list, write_list
from accounts.logged_in import user_of
from accounts.models import BlockedKeyword
from aggregator import blocked
from aggregator.headline_words import words_to_block
from aggregator.models import Article
from aggregator.views.keywords import done, words_of_blocking
from zisnews.answers import back_to
from zisnews.limits import count, somebody

LISTS_PER_MINUTE = 10
REASONS_TOLD, SHOWN_OF_A_WORD = 5, 40


@login_required
@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Block the words of a file, of a text field (one a line), or those ticked of a starter list or a headline."""
    count(somebody(request), "keyword-lists", limit=LISTS_PER_MINUTE, seconds=60)
    file = request.FILES.get("file")
    try:
        wanted = read_list(file.read(MOST_BYTES + 1)) if file else []
        wanted += read_list(request.POST.get("list", "").encode())
    except NotAList as error:
        return done(request, str(error), level=messages.ERROR)
    wanted += [Wanted(text) for text in request.POST.getlist("keyword")]
    wanted += of_starters(request.POST, request.POST.getlist("tick"))
    if not wanted:
        return done(request, _("Tick a word, or write one."), level=messages.ERROR)
    now = timezone.now()
    report = excluding.block_all(user_of(request), wanted[:MOST_LINES], now)
    blocked.count_keywords(report.added[: blocked.COUNTED_AT_ONCE], now)
    level = messages.INFO if report.added else messages.WARNING
    return done(request, words_of(report), added=report.added, level=level)


def words_of(report: Blocked) -> str:
    """What became of a list, with the first reasons why something was left out."""
    added = len(report.added)
    if added == 1 and not report.refused:
        return words_of_blocking(report.added[0])
    words = [ngettext("%(n)d keyword is blocked.", "%(n)d keywords are blocked.", added) % {"n": added}]
    words += [f"{text[:SHOWN_OF_A_WORD]}: {reason}" for text, reason in report.refused[:REASONS_TOLD]]
    more = len(report.refused) - REASONS_TOLD
    if more > 0:
        words.append(ngettext("%(n)d more was left out.", "%(n)d more were left out.", more) % {"n": more})
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
    context = {
        "article": article,
        "words": words_to_block(article.title),
        "back": back_to(request, article.get_absolute_url()),
    }
    return render(request, "settings/block_from_headline.html", context)
