"""When to ask a feed again. Pure: facts in, seconds out."""

MINUTE, HOUR, DAY = 60, 3600, 86400
SHORTEST_SECONDS, LONGEST_SECONDS = 5 * MINUTE, 2 * HOUR
FIRST_FAILURE_SECONDS, LONGEST_BACK_OFF_SECONDS = 5 * MINUTE, DAY
SPREAD = 0.1


def next_interval(interval: int, *, has_news: bool) -> int:
    """Return the seconds to the next look: sooner after news, later after none, within 5 minutes and 2 hours."""
    changed = interval * 0.6 if has_news else interval * 1.25
    return int(min(max(changed, SHORTEST_SECONDS), LONGEST_SECONDS))


def back_off(failures: int, retry_after: int | None = None) -> int:
    """Return the seconds to wait after so many failures in a row: doubling, a day at most, never for ever.

    retry_after: what the server asked for, in seconds; it is honoured up to a day.
    """
    doubled = FIRST_FAILURE_SECONDS * 2 ** min(max(failures - 1, 0), 10)
    return min(max(doubled, retry_after or 0), LONGEST_BACK_OFF_SECONDS)


def spread(seconds: int, seed: int) -> int:
    """Move a wait by up to a tenth either way, the same for one feed each time, so that feeds do not march in step."""
    share = (seed * 2654435761 % 2**32) / 2**32  # Knuth's multiplicative hash
    return int(seconds * (1 - SPREAD + 2 * SPREAD * share))
