"""Messages that were made ready before their moment, and what becomes of them on their lane."""

from collections.abc import Iterator
from time import monotonic
from uuid import uuid4

import pytest

from rehab.actions.lanes import UNRECORDED_AT_MOST, Lanes, Told, made_ready
from rehab.channels import Message
from rehab.channels.message import TryAgain, Undeliverable


@pytest.fixture
def lanes() -> Iterator[Lanes[int]]:
    with Lanes[int]() as opened:
        yield opened


@pytest.fixture
def message(sink, browser):
    def made(place: int = 0) -> Message:
        address = browser.subscription(f"{sink.url}/send/{place}")
        return Message(str(uuid4()), address, "en", "due", 1, "https://rehab.example.org/")

    return made


def told(lanes: Lanes[int], count: int) -> list[Told[int]]:
    found: list[Told[int]] = []
    until = monotonic() + 10
    while len(found) < count and monotonic() < until:
        found += lanes.told(wait=1)
    return found


def test_what_was_made_ready_leaves_later_and_as_it_was_made(lanes, sink, message):
    ready = [made_ready("push", message(place)) for place in range(3)]
    assert sink.requests == []
    for place, each in enumerate(ready):
        lanes.send_ready("push", place, each)
    assert sorted(each.sending for each in told(lanes, 3) if each.failed is None) == [0, 1, 2]
    found = {each.path: each.body for each in sink.requests}
    for place, each in enumerate(ready):
        assert each.request.endswith(found[f"/send/{place}"])


def test_what_was_made_ready_counts_against_the_lane_like_any_other(lanes, sink, message):
    ready = made_ready("push", message())
    lanes.send("push", 0, message)
    for place in range(1, UNRECORDED_AT_MOST):
        assert lanes.has_room("push")
        lanes.send_ready("push", place, ready)
    assert lanes.is_full()
    assert len(told(lanes, UNRECORDED_AT_MOST)) == UNRECORDED_AT_MOST
    assert (lanes.is_busy(), lanes.has_room("push")) == (False, False)
    lanes.recorded("push")
    assert lanes.has_room("push")


def test_a_dead_address_is_told_of_what_was_made_ready_too(lanes, sink, message):
    sink.status = 410
    lanes.send_ready("push", 0, made_ready("push", message()))
    [each] = told(lanes, 1)
    assert isinstance(each.failed, Undeliverable)
    assert str(each.failed) == "push 410"


def test_what_can_never_leave_cannot_be_made_ready(sink, message, settings):
    settings.OUTGOING_PRIVATE_HOSTS = frozenset()
    with pytest.raises(Undeliverable, match="push address not public"):
        made_ready("push", message())
    settings.VAPID_PRIVATE_KEY = b""
    with pytest.raises(TryAgain, match="not set up"):
        made_ready("push", message())
