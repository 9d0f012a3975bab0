"""What is on its way on each channel, and no more than may be: none of this touches the database.

What has been sent and is not recorded yet would be sent again if this process died. So it goes no
further than 50 messages on a channel beyond what is recorded, whichever of its threads sends, and
all stop where nothing can be recorded. A channel that hangs holds up no other.

Channels that speak HTTP share one thread, this one; the others have threads of their own, each over
a connection of its own.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Generic, NamedTuple, TypeVar

from patients.channels.exchange import Exchange, Ready
from patients.channels.http_answer import Answer
from patients.domain.roles import Channel
from rehab.channels import CHANNELS, POSTED, Message, Sender, answers
from rehab.channels.message import TryAgain, Undeliverable

# Mail servers refuse more than a few connections from one place; push services take many.
AT_ONCE: Mapping[str, int] = {Channel.EMAIL: 8, Channel.SMS: 8}
AT_ONCE_ELSEWHERE = 50
UNRECORDED_AT_MOST = 50

T = TypeVar("T")


class Told(NamedTuple, Generic[T]):
    """What became of a message; failed is what the channel raised, None when it was taken."""

    channel: str
    sending: T
    failed: Exception | None


class _Posting(NamedTuple, Generic[T]):
    channel: str
    sending: T
    dead: frozenset[int]


def made_ready(channel: str, message: Message) -> Ready:
    """Return all that leaves for a message; it can be made before its moment.

    For channels that speak HTTP (`POSTED`). Raises what the channel raises: Undeliverable where
    the address will never work, TryAgain where the channel is not set up.
    """
    return answers.made_ready(channel, POSTED[channel](message))


class _Process:
    """What the threads of this process have let leave and not recorded, by channel.

    Each of them looks first and counts then, so that many fewer may leave as there are others.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count from nothing: a new process has sent nothing."""
        self._lock = Lock()
        self._threads = 0
        self._unrecorded: Counter[str] = Counter()

    def comes(self, threads: int) -> None:
        with self._lock:
            self._threads += threads

    def add(self, channel: str, messages: int) -> None:
        with self._lock:
            self._unrecorded[channel] += messages

    def is_full(self, channel: str) -> bool:
        return self._unrecorded[channel] > UNRECORDED_AT_MOST - max(self._threads, 1)


_PROCESS = _Process()
os.register_at_fork(after_in_child=_PROCESS.begin)


class Lanes(Generic[T]):
    """One lane a channel, opened when something is to be sent on it."""

    def __init__(self) -> None:
        self._exchange: Exchange[_Posting[T]] = Exchange()
        self._lanes: dict[str, _Lane[T]] = {}
        self._told: SimpleQueue[Told[T]] = SimpleQueue()

    def __enter__(self) -> "Lanes[T]":
        _PROCESS.comes(1)
        return self

    def __exit__(self, *_: object) -> None:
        for lane in self._lanes.values():
            lane.close()
            _PROCESS.add(lane.channel, -lane.unrecorded)
        self._exchange.close()
        _PROCESS.comes(-1)

    def has_room(self, channel: str) -> bool:
        """Tell whether one more message may leave on this channel now."""
        lane = self._lane(channel)
        return lane.busy < lane.at_once and not _PROCESS.is_full(channel)

    def is_full(self) -> bool:
        """Tell whether a channel stands still until something is recorded."""
        return any(map(_PROCESS.is_full, self._lanes))

    def is_busy(self) -> bool:
        return any(each.busy for each in self._lanes.values())

    def send(self, channel: str, sending: T, message: Callable[[], Message]) -> None:
        """Let a message leave; `told` hands `sending` back with what became of it."""
        if channel not in POSTED:
            self._one_more(channel).give(sending, message)
            return
        try:
            ready = made_ready(channel, message())
        except Exception as failed:  # one message that cannot be made holds up no other
            self._one_more(channel)
            self._told.put(Told(channel, sending, failed))
            return
        self.send_ready(channel, sending, ready)

    def send_ready(self, channel: str, sending: T, ready: Ready) -> None:
        """Let leave what `made_ready` made of a message; else as `send`."""
        self._one_more(channel)
        self._exchange.begin(_Posting(channel, sending, ready.dead), ready)

    def told(self, *, wait: float) -> list[Told[T]]:
        """Return what is known by now; wait for something for so many seconds."""
        found = self._told_by_now()
        for posting, result in self._exchange.results(wait=0 if found else wait):
            found.append(_judged(posting, result))
        found += self._told_by_now()
        for each in found:
            self._lanes[each.channel].busy -= 1
        return found

    def recorded(self, channel: str) -> None:
        """Let a lane go on: what became of one of its messages is safe."""
        self._lanes[channel].unrecorded -= 1
        _PROCESS.add(channel, -1)

    def _one_more(self, channel: str) -> "_Lane[T]":
        lane = self._lane(channel)
        lane.unrecorded += 1
        lane.busy += 1
        _PROCESS.add(channel, 1)
        return lane

    def _told_by_now(self) -> list[Told[T]]:
        found = []
        while not self._told.empty():
            found.append(self._told.get())
        return found

    def _lane(self, channel: str) -> "_Lane[T]":
        if channel not in self._lanes:
            at_once = AT_ONCE.get(channel, AT_ONCE_ELSEWHERE)
            self._lanes[channel] = _Lane(channel, at_once, self._tell)
        return self._lanes[channel]

    def _tell(self, told: Told[T]) -> None:
        self._told.put(told)
        self._exchange.wake()


def _judged(posting: _Posting[T], result: Answer | Exception) -> Told[T]:
    try:
        answers.judge(posting.channel, posting.dead, result)
    except (Undeliverable, TryAgain) as failed:
        return Told(posting.channel, posting.sending, failed)
    return Told(posting.channel, posting.sending, None)


@dataclass(slots=True, eq=False)
class _Lane(Generic[T]):
    """busy: messages that nothing is known of yet. unrecorded: those, and what is known of others

    and not written down.
    """

    channel: str
    at_once: int
    tell: Callable[[Told[T]], None]
    busy: int = 0
    unrecorded: int = 0
    _jobs: "SimpleQueue[tuple[T, Callable[[], Message]] | None]" = field(
        default_factory=SimpleQueue
    )
    _threads: list[Thread] = field(default_factory=list)

    def give(self, sending: T, message: Callable[[], Message]) -> None:
        """Let one of the channel's threads send this; there is always one that is free."""
        self._jobs.put((sending, message))
        if len(self._threads) < min(self.busy, self.at_once):
            thread = Thread(target=self._work, name=f"send-{self.channel}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Let the threads end with what they are doing now."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        with ExitStack() as kept:
            opened: list[Sender] = []

            def sender() -> Sender:
                if not opened:
                    opened.append(kept.enter_context(CHANNELS[self.channel]()))
                return opened[0]

            while (job := self._jobs.get()) is not None:
                sending, message = job
                self.tell(Told(self.channel, sending, _failure(sender, message)))


def _failure(sender: Callable[[], Sender], message: Callable[[], Message]) -> Exception | None:
    try:
        sender()(message())
    except Exception as failed:  # one message that cannot be made holds up no other
        return failed
    return None
