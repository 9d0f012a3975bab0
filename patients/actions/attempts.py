"""Counting tries that somebody could use for guessing."""

from datetime import timedelta

from django.core.cache import cache

from patients.domain.errors import TooManyAttempts

MOST = 20
WITHIN = timedelta(hours=1)


def count_attempt(kind: str, who: str | None, *, most: int = MOST) -> None:
    """Count one try of a kind from one address; too many in an hour are refused.

    The hour begins with the first try. Both doors, page and API, count together.
    """
    key = f"attempts:{kind}:{who}"
    seconds = int(WITHIN.total_seconds())
    cache.add(key, 0, timeout=seconds)
    try:
        tries = cache.incr(key)
    except ValueError:
        # The hour ended between the two calls.
        cache.set(key, 1, timeout=seconds)
        return
    if tries > most:
        raise TooManyAttempts(retry_after_seconds=seconds)
