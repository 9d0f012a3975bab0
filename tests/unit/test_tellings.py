from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import nan
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import pytest

from rehab.actions.tellings import words_of
from rehab.domain.session_entry import PartEntry, SessionEntry

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
PART = PartEntry(part=UUID(int=1), pain=2, measures={"repetitions": 10})
ENTRY = SessionEntry(
    performed_at=NOON, zone="Asia/Shanghai", series=UUID(int=2), pain=2, parts=(PART,)
)


def test_entries_that_differ_in_their_moment_alone_tell_the_same() -> None:
    later = replace(
        ENTRY,
        performed_at=NOON + timedelta(days=1),
        client_sent_at=NOON + timedelta(days=2),
        occurrence=uuid4(),
    )

    assert words_of(later) == words_of(ENTRY)


@pytest.mark.parametrize(
    "change",
    [
        {"pain": None},
        {"pain": nan},
        {"pain": 2.0},
        {"pain": "2"},
        {"as_planned": True},
        {"zone": "Europe/Berlin"},
        {"confirmed": ("unusually_high",)},
        {"parts": (replace(PART, pain=3),)},
        {"parts": (replace(PART, measures={"repetitions": 10.0}),)},
    ],
)
def test_entries_that_differ_in_one_word_do_not_tell_the_same(change: dict[str, Any]) -> None:
    assert words_of(replace(ENTRY, **change)) != words_of(ENTRY)
    assert words_of(replace(ENTRY, pain=nan)) != words_of(replace(ENTRY, pain=None))


@pytest.mark.parametrize("measures", [{"minutes": 10**30}, MappingProxyType({"minutes": 3})])
def test_what_cannot_be_packed_tells_the_same_as_nothing_else(measures: Any) -> None:
    entry = replace(ENTRY, measures=measures)

    assert words_of(entry) != words_of(entry)
