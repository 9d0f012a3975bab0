"""Keeps the children running, and stops them in the reverse of the order they started in."""

import time
from dataclasses import dataclass, field

from config.launcher.children import Child
from config.launcher.progress import say

_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0
# A child that ran this long has earned a quick restart again.
_STEADY_SECONDS = 60.0
_TURN_SECONDS = 0.2


@dataclass(slots=True)
class Watched:
    child: Child
    wait_seconds: float = _FIRST_WAIT_SECONDS
    started_at: float = field(default_factory=time.monotonic)
    restart_at: float | None = None

    def look(self, now: float) -> None:
        """Restart a child that ended, later each time it ends soon."""
        if self.restart_at is None:
            if not self.child.running:
                self._plan_restart(now)
        elif now >= self.restart_at:
            # Whatever is left of its session would hold its port or its socket.
            self.child.stop()
            self.child.start()
            self.started_at, self.restart_at = now, None

    def _plan_restart(self, now: float) -> None:
        if now - self.started_at > _STEADY_SECONDS:
            self.wait_seconds = _FIRST_WAIT_SECONDS
        code, wait = self.child.exit_code, self.wait_seconds
        say(f"{self.child.name} ended (exit {code}); starting it again in {wait:.0f} s")
        self.restart_at = now + wait
        self.wait_seconds = min(wait * 2, _LONGEST_WAIT_SECONDS)


class Supervisor:
    def __init__(self) -> None:
        self.watched: list[Watched] = []

    def add(self, child: Child) -> None:
        """Take over a child that was started."""
        self.watched.append(Watched(child))

    def start(self, child: Child) -> None:
        child.start()
        self.add(child)

    def watch(self) -> None:
        """Look after the children until a signal ends it."""
        while True:
            for watched in self.watched:
                watched.look(time.monotonic())
            time.sleep(_TURN_SECONDS)

    def stop(self) -> None:
        while self.watched:
            child = self.watched.pop().child
            say(f"stopping {child.name}")
            child.stop()
