"""The word that was meant by one that stands nowhere: the known word nearest to it in spelling."""

from collections.abc import Iterable, Iterator

from aggregator.models import DocumentFrequency

SHORTEST = 4  # letters; of a shorter word too many are near
SHORTEST_FOR_TWO = 6  # for two mistakes
FAR_CANDIDATES = 2000
# Letters that may stand in for another, by script: the first word of a pair says where the script begins.
_ALPHABETS = (
    ("abcdefghijklmnopqrstuvwxyz", "a", "z"),
    ("αβγδεζηθικλμνξοπρστυφχψως", "α", "ω"),
    ("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ", "а", "ґ"),
    ("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև", "ա", "և"),
    ("אבגדהוזחטיכלמנסעפצקרשתךםןףץ", "א", "ת"),
    ("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءئؤپچژگ", "ء", "گ"),
)


def near(word: str) -> str:
    """The commonest known word one letter away from this one, or two from a longer one; "" where there is none.

    word: in normal form, and itself unknown. Two queries at most.
    """
    if len(word) < SHORTEST:
        return ""
    return commonest(set(one_off(word))) or (two_off(word) if len(word) >= SHORTEST_FOR_TWO else "")


def commonest(words: Iterable[str]) -> str:
    known = DocumentFrequency.objects.filter(pk__in=list(words)).order_by("-document_count", "pk")
    return next(iter(known.values_list("pk", flat=True)[:1]), "")


def one_off(word: str) -> Iterator[str]:
    """Every word that one mistake makes of this one: a letter left out, too many, wrong, or two swapped."""
    letters = next((alphabet for alphabet, first, last in _ALPHABETS if first <= word[0] <= last), "".join(set(word)))
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def two_off(word: str) -> str:
    """The nearest known word that begins with the same two letters and is at most two mistakes away."""
    head = word[:2]
    known = DocumentFrequency.objects.filter(pk__gt=head, pk__lt=head + "\U0010ffff").order_by("-document_count")
    nearest, best = "", 3
    for term in known.values_list("pk", flat=True)[:FAR_CANDIDATES]:
        if abs(len(term) - len(word)) < best and (mistakes := distance(word, term, best)) < best:
            nearest, best = term, mistakes
    return nearest


def distance(one: str, other: str, enough: int) -> int:
    """How many letters differ (Levenshtein); `enough` where it is that or more."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row = row, [at]
        for place, other_letter in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != other_letter)))
        if min(row) >= enough:
            return enough
    return min(row[-1], enough)
