"""What is counted when wordings are compared: words, and two that follow one another, with where they stand."""

from collections.abc import Iterator

from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.sections import Span
from aggregator.comparing.words import is_han
from aggregator.stop_words import STOP_WORDS

_SAYING_NOTHING = frozenset("的了是在和有不為为與与對对這这那就都而及着他她它们們我你一個个上下中说說")

Stands = dict[str, list[tuple[Sentence, Span]]]


def places(article: Read, most: int) -> Stands:
    """Of each word, and each two that follow one another, the sentences it stands in, the first few."""
    found: Stands = {}
    for sentence in article.sentences:
        for term, span in terms(sentence, article.body):
            stands = found.setdefault(term, [])
            if len(stands) < most and (not stands or stands[-1][0] is not sentence):
                stands.append((sentence, span))
    return found


def terms(sentence: Sentence, body: str) -> Iterator[tuple[str, Span]]:
    previous = None
    for word in sentence.words:
        form = word.form
        if form > "\u33ff" and is_han(form):  # the first says so of most without a call
            if (
                previous
                and previous.end == word.begin
                and is_han(previous.form)
                and _SAYING_NOTHING.isdisjoint(previous.form + form)
            ):
                yield previous.form + form, (previous.begin, word.end)
            previous = word
            continue
        if (
            len(form) < 2
            or form in STOP_WORDS
            or form[0].isdigit()
            or body[word.begin : word.end].lower() in STOP_WORDS
        ):
            previous = None
            continue
        yield form, (word.begin, word.end)
        if previous and word.begin - previous.end == 1 and body[previous.end] in " -‐‑\u00a0":
            yield f"{previous.form} {form}", (previous.begin, word.end)
        previous = word
