"""Looking at what is still to leave, in a thread, a little ahead of what leaves.

Whoever sends would otherwise stand still for each look, and with it all that is on its way.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

from rehab.actions.making_ready import Looked
from rehab.models.outbox import Claim

# Whoever sends is woken by each answer and must not wait long for a look that computes.
SWITCHES_AFTER_SECONDS = 0.0005


class LookingAhead:
    """One look at a time, over a connection of its own."""

    def __init__(self, look: Callable[[Sequence[Claim]], Looked]) -> None:
        self._look = look
        self._thread = ThreadPoolExecutor(1, "look-ahead")
        self._under_way: Future[Looked] | None = None
        self._switched_after = sys.getswitchinterval()

    def __enter__(self) -> "LookingAhead":
        sys.setswitchinterval(SWITCHES_AFTER_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(_hang_up)
        self._thread.shutdown()
        sys.setswitchinterval(self._switched_after)

    def is_under_way(self) -> bool:
        return self._under_way is not None

    def begin(self, claims: Sequence[Claim]) -> None:
        self._under_way = self._thread.submit(self._look, claims)

    def found(self, *, wait: float | None = 0) -> Looked | None:
        """Return what the look found, once it has; raises what it raised."""
        if self._under_way is None or not futures.wait([self._under_way], wait).done:
            return None
        done, self._under_way = self._under_way, None
        return done.result()


def _hang_up() -> None:
    """Close the connection of the thread that this runs in."""
    connection.close()
