"""Chance that repeats itself: the same words give the same dice, in every process and on every day."""

import random


def dice(*words: object) -> random.Random:
    """Return dice that follow from the words alone."""
    return random.Random("/".join(map(str, words)))  # noqa: S311  (nothing here is a secret)
