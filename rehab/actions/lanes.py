"""Threads that speak the channels, each over a connection of its own; none touches the database."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Thread

from patients.domain.roles import Channel
from rehab.channels import CHANNELS, Sender

# Mail servers refuse more than a few connections from one place; push services take many.
AT_ONCE: Mapping[str, int] = {Channel.EMAIL: 8, Channel.SMS: 8}
AT_ONCE_ELSEWHERE = 64

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

    def __exit__(self, *_: object) -> None:
        for lane in self._lanes.values():
            lane.close()
        for lane in self._lanes.values():
            lane.join()

    def give(self, channel: str, job: Job) -> None:
        """Let one of the channel's threads run this as soon as it is free."""
        if channel not in self._lanes:
            self._lanes[channel] = _Lane(channel, AT_ONCE.get(channel, AT_ONCE_ELSEWHERE))
        self._lanes[channel].give(job)


class _Lane:
    def __init__(self, channel: str, at_once: int) -> None:
        self._channel, self._at_once = channel, at_once
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def give(self, job: Job) -> None:
        self._jobs.put(job)
        if len(self._threads) < self._at_once:
            thread = Thread(target=self._work, name=f"send-{self._channel}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        for _ in self._threads:
            self._jobs.put(None)

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
                job(sender)
