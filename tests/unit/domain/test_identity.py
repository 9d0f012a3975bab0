from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.identity import AlikeBodies, canonical, fingerprint, occurrence_id

SERIES = UUID("0b9d1c0e-6f0a-4a53-9a34-0d9c9a9f6f11")

numbers = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.one_of(st.booleans(), st.integers(), numbers, st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=12,
)  # fmt: skip
bodies = st.dictionaries(st.text(), plain, min_size=1)


def test_phone_and_server_name_the_same_occurrence() -> None:
    expected = UUID("17b5f5f9-27e4-5559-a0bf-18b70b8c572a")

    assert occurrence_id(SERIES, 2, date(2026, 10, 30), "a1") == expected


@pytest.mark.parametrize(
    "other",
    [
        (UUID(int=1), 2, date(2026, 10, 30), "a1"),
        (SERIES, 3, date(2026, 10, 30), "a1"),
        (SERIES, 2, date(2026, 10, 31), "a1"),
        (SERIES, 2, date(2026, 10, 30), "a2"),
    ],
)
def test_series_version_date_and_slot_all_tell_occurrences_apart(
    other: tuple[UUID, int, date, str],
) -> None:
    assert occurrence_id(*other) != occurrence_id(SERIES, 2, date(2026, 10, 30), "a1")


@given(bodies)
def test_fingerprint_does_not_depend_on_key_order(body: dict[str, object]) -> None:
    assert fingerprint(body) == fingerprint(dict(reversed(body.items())))


@given(bodies, st.text(), st.integers())
def test_fingerprint_sees_every_changed_field(
    body: dict[str, object], key: str, value: int
) -> None:
    changed = {**body, key: [value, body.get(key)]}

    assert fingerprint(changed) != fingerprint(body)


@pytest.mark.parametrize(("one", "other"), [(80, 80.0), (0, -0.0), (100000, 1e5), (0.5, 0.50)])
def test_fingerprint_takes_equal_numbers_for_equal(one: float, other: float) -> None:
    assert fingerprint({"pain": one}) == fingerprint({"pain": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [(80, "80"), (1, True), (0, False), (0, None), (0, ""), (10**30, 10**30 + 1), ([1, 2], [2, 1])],
)
def test_fingerprint_tells_different_values_apart(one: object, other: object) -> None:
    assert fingerprint({"pain": one}) != fingerprint({"pain": other})


def test_field_given_as_nothing_is_a_field_not_given() -> None:
    assert fingerprint({"pain": 0, "effort": None}) == fingerprint({"pain": 0})


def test_moment_is_its_instant() -> None:
    utc = datetime(2026, 10, 19, 1, 5, tzinfo=UTC)
    shanghai = utc.astimezone(timezone(timedelta(hours=8)))

    assert fingerprint({"performed_at": utc}) == fingerprint({"performed_at": shanghai})
    assert fingerprint({"performed_at": utc}) == fingerprint({"performed_at": utc.isoformat()})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_has_no_meaning_has_no_fingerprint(value: object) -> None:
    with pytest.raises(ValueError, match=r"finite|offset"):
        fingerprint({"pain": value})


def test_what_json_cannot_carry_has_no_fingerprint() -> None:
    with pytest.raises(TypeError, match="object"):
        fingerprint({"pain": object()})


def test_dates_and_ids_count_as_their_text() -> None:
    assert fingerprint({"on": date(2026, 10, 19)}) == fingerprint({"on": "2026-10-19"})
    assert fingerprint({"part": SERIES}) == fingerprint({"part": str(SERIES)})


fields = st.sampled_from(["as_planned", "measures", "note", "occurrence", "pain", "zone"])


@given(st.dictionaries(fields, plain), st.none() | st.text(), st.datetimes(timezones=st.just(UTC)))
def test_what_alike_bodies_share_may_be_written_once(
    shared: dict[str, object], occurrence: str | None, performed_at: datetime
) -> None:
    own = {"occurrence": occurrence, "performed_at": performed_at}
    rest = canonical({key: shared[key] for key in shared if key not in own})

    alike = AlikeBodies(rest, tuple(own))

    assert alike.fingerprint(own) == fingerprint({**shared, **own})
