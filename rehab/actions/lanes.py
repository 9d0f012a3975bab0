"""Threads that speak the channels, each over a connection of its own; none touches the database.

What has been sent and is not recorded yet would be sent again if this process died. So a lane goes
no further than 50 messages beyond what is recorded, and stops at once when nothing can be recorded.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Semaphore, Thread

from patients.domain.roles import Channel
from rehab.channels import CHANNELS, Sender

# Mail servers refuse more than a few connections from one place; push services take many.
AT_ONCE: Mapping[str, int] = {Channel.EMAIL: 8, Channel.SMS: 8}
AT_ONCE_ELSEWHERE = 50
UNRECORDED_AT_MOST = 50

# Given the sender of a channel: what to send, and what to tell of it.
Job = Callable[[Callable[[], Sender]], None]


class Lanes:
    """One lane a channel, opened when something is to be sent on it.

    A channel that hangs holds up its own lane and no other.
    """

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        for lane in self._lanes.values():
            lane.close(abandon=failed is not None)
        for lane in self._lanes.values():
            lane.join()

    def give(self, channel: str, job: Job) -> None:
        """Let one of the channel's threads run this as soon as it is free."""
        if channel not in self._lanes:
            self._lanes[channel] = _Lane(channel, AT_ONCE.get(channel, AT_ONCE_ELSEWHERE))
        self._lanes[channel].give(job)

    def recorded(self, channel: str) -> None:
        """Let a lane go on: what became of one of its messages is safe, or none was sent."""
        self._lanes[channel].room.release()


class _Lane:
    def __init__(self, channel: str, at_once: int) -> None:
        self._channel, self._at_once = channel, at_once
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._abandoned = False
        self.room = Semaphore(UNRECORDED_AT_MOST)

    def give(self, job: Job) -> None:
        self._jobs.put(job)
        if len(self._threads) < self._at_once:
            thread = Thread(target=self._work, name=f"send-{self._channel}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self, *, abandon: bool) -> None:
        """Let the threads end: when all is done, or with what they are doing now."""
        self._abandoned = abandon
        for _ in self._threads:
            self._jobs.put(None)
        if abandon and self._threads:
            self.room.release(len(self._threads))

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        with ExitStack() as kept:
            opened: list[Sender] = []

            def sender() -> Sender:
                if not opened:
                    opened.append(kept.enter_context(CHANNELS[self._channel]()))
                return opened[0]

            while (job := self._jobs.get()) is not None:
                if not self._abandoned:
                    self.room.acquire()
                if not self._abandoned:
                    job(sender)
