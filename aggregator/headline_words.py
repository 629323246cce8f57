"""The words of a headline that somebody may want to hear no more of. Pure."""

from aggregator.stop_words import STOP_WORDS
from feeds.words import is_unspaced, tokens

SHORTEST = 3
MOST = 12
UNSPACED_PAIR = 2


def words_to_block(headline: str) -> list[str]:
    """Names of several words first, then single words as they stand; words that say nothing are left out.

    Of scripts without spaces pairs of characters are offered, which is what most of their words are.
    """
    found: dict[str, None] = {}
    for name in names_in(headline):
        found.setdefault(name)
    for word in headline.split():
        bare = word.strip(".,:;!?«»“”„\"'’‘()[]…–—")
        plain = [token.word for token in tokens(bare)]
        if any(map(is_unspaced, plain)):
            for at in range(len(bare) - UNSPACED_PAIR + 1):
                if all(map(is_unspaced, bare[at : at + UNSPACED_PAIR])):
                    found.setdefault(bare[at : at + UNSPACED_PAIR])
        elif plain and " ".join(plain) not in STOP_WORDS and (len(bare) >= SHORTEST or bare.isupper()):
            found.setdefault(bare)
    return list(found)[:MOST]


def names_in(headline: str) -> list[str]:
    """Rows of words that begin with capitals within a headline; none where all its words do."""
    words = headline.split()
    capital = [word[:1].isupper() for word in words]
    if sum(capital) > len(words) * 0.7:
        return []
    names, row = [], []
    for word, is_capital in zip([*words, ""], [*capital, False], strict=True):
        if is_capital:
            row.append(word)
        if row and (not is_capital or word[-1:] in ".,:;!?"):
            if len(row) > 1:
                names.append(" ".join(row).strip(".,:;!?«»“”\"'’()"))
            row = []
    return names
