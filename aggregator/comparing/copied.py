"""Articles that share most of their text, folded under the first to publish. copies.py says what a copy is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, combinations

from aggregator import copies
from aggregator.comparing.sections import CopiedText, Copy, Id
from aggregator.comparing.tellings import Telling

MOST_CHARACTERS = 5_000  # of a text: whoever copies begins at its beginning
PARTLY = 0.2  # of a text's shingles in an earlier one: it was reused, and more was written


def copied_texts(in_time: Sequence[Telling]) -> tuple[list[CopiedText], frozenset[Id]]:
    """The texts that two sources or more printed, the most printed first; and all articles that are copies.

    in_time: the earliest first. A source that prints its own text again is a copy, and no such text.
    """
    texts = [copies.shingles(telling.text[:MOST_CHARACTERS]) for telling in in_time]
    standing = Counter(chain.from_iterable(texts))
    elsewhere = {shingle for shingle, count in standing.items() if count > 1}
    to_share = [text & elsewhere for text in texts]  # most of a text is its own, and looked through in vain
    shares: dict[int, dict[int, float]] = defaultdict(dict)
    same: dict[frozenset[int], int] = {}
    text_of = [same.setdefault(text, place) for place, text in enumerate(texts)]
    known: dict[tuple[int, int], int] = {}  # a wire text under two hundred addresses is looked at once
    long = [place for place, text in enumerate(texts) if len(text) >= copies.FEWEST_SHINGLES]
    for earlier, later in combinations(long, 2):
        if in_time[earlier].language != in_time[later].language:
            continue
        pair = text_of[earlier], text_of[later]
        shared = known[pair] if pair in known else known.setdefault(pair, len(to_share[earlier] & to_share[later]))
        for one, other in ((earlier, later), (later, earlier)):
            if shared >= PARTLY * len(texts[one]):
                shares[one][other] = shared / len(texts[one])
    contained = {
        later: [one for one, share in found.items() if share > copies.COPIED] for later, found in shares.items()
    }
    origins = copies.origins(range(len(in_time)), contained)
    return _folded(in_time, shares, origins), frozenset(in_time[place].article for place in origins)


def _folded(
    in_time: Sequence[Telling], shares: Mapping[int, Mapping[int, float]], origins: Mapping[int, int]
) -> list[CopiedText]:
    wholly: dict[int, list[int]] = defaultdict(list)
    for place, origin in origins.items():
        wholly[origin].append(place)
    partly: dict[int, list[int]] = defaultdict(list)
    for place, found in shares.items():
        earlier = [other for other in found if other < place and other not in origins]
        if place not in origins and earlier:
            partly[max(earlier, key=lambda other: (found[other], -other))].append(place)
    folded: list[CopiedText] = []
    for origin in sorted(wholly.keys() | partly.keys()):
        first = in_time[origin]
        whole = [_copy(in_time[place], shares[place].get(origin, copies.COPIED)) for place in wholly[origin]]
        part = [
            _copy(in_time[place], shares[place][origin])
            for place in partly[origin]
            if in_time[place].source != first.source
        ]
        sources = {first.source, *(one.source for one in whole)}
        if len(sources) > 1 or part:
            countries = dict.fromkeys([first.country, *(one.country for one in whole)])
            folded.append(
                CopiedText(
                    first.article,
                    first.source,
                    first.country,
                    tuple(whole),
                    tuple(part),
                    len(sources),
                    tuple(countries),
                )
            )
    return sorted(folded, key=lambda one: (-one.sources, -len(one.partly)))


def _copy(told: Telling, share: float) -> Copy:
    return Copy(told.article, told.source, told.country, round(share, 2))
