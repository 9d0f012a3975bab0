from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.identity import occurrence_id
from rehab.domain.recurrence import Due, Schedule, TimesPerWeek, due, instant, local_date
from rehab.domain.resolution import Candidate, choose
from tests.unit.domain.strategies import daily

SERIES = UUID(int=7)
ZONE = "Asia/Shanghai"
MONDAY = date(2026, 10, 19)


def candidate(each: Due, *, resolved: bool = False) -> Candidate:
    name = occurrence_id(SERIES, 1, each.on, each.slot_id)
    return Candidate(
        name, each.slot_id, each.on, each.due_at, each.opens_at, each.closes_at, not resolved
    )


def day(on: date = MONDAY, *, resolved: tuple[str, ...] = ()) -> list[Candidate]:
    """Return 09:00 and 16:00 of one day in Shanghai."""
    found = due(daily(ZONE, "09:00", "16:00"), on, on)
    return [candidate(each, resolved=each.slot_id in resolved) for each in found]


def at(clock: str, on: date = MONDAY) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return instant(on, datetime(2026, 1, 1, hour, minute, tzinfo=UTC).time(), ZONE)


def slot_chosen(
    candidates: list[Candidate], performed_at: datetime, named: str | None = None
) -> str | None:
    found = choose(named, performed_at, candidates, local_date(performed_at, ZONE))
    return {each.id: each.slot for each in candidates}.get(found) if found else None


def test_log_resolves_the_window_in_which_it_was_performed() -> None:
    assert slot_chosen(day(), at("09:05")) == "09:00"
    assert slot_chosen(day(), at("12:29")) == "09:00"
    assert slot_chosen(day(), at("12:30")) == "16:00"
    assert slot_chosen(day(), at("23:59")) == "16:00"


def test_log_resolves_the_slot_that_it_names() -> None:
    assert slot_chosen(day(), at("09:05"), "16:00") == "16:00"


def test_log_may_name_the_occurrence_itself() -> None:
    afternoon = day()[1]

    assert slot_chosen(day(), at("09:05"), str(afternoon.id)) == "16:00"


def test_second_session_of_the_morning_takes_the_open_slot_of_the_day() -> None:
    assert slot_chosen(day(resolved=("09:00",)), at("11:00")) == "16:00"


def test_session_of_an_evening_takes_the_nearest_open_slot_of_the_day() -> None:
    assert slot_chosen(day(resolved=("16:00",)), at("22:00")) == "09:00"


def test_session_beyond_what_was_due_is_extra() -> None:
    assert slot_chosen(day(resolved=("09:00", "16:00")), at("18:00")) is None


def test_nothing_is_carried_over_days() -> None:
    yesterday = day()

    assert slot_chosen(yesterday, at("09:00", date(2026, 10, 20))) is None
    assert slot_chosen(yesterday, at("09:00", date(2026, 10, 20)), str(yesterday[1].id)) is None


def test_late_evening_item_named_just_after_midnight_is_still_that_evenings() -> None:
    evening = candidate(due(daily(ZONE, "23:00"), MONDAY, MONDAY)[0])
    half_past_midnight = at("00:30", date(2026, 10, 20))

    assert slot_chosen([evening], half_past_midnight, str(evening.id)) == "23:00"
    assert slot_chosen([evening], half_past_midnight) is None


def test_day_is_that_of_the_items_zone() -> None:
    # 23:30 in Toronto is the next noon in Shanghai, where Li Guihua lives.
    performed_at = instant(
        MONDAY, datetime(2026, 1, 1, 23, 30, tzinfo=UTC).time(), "America/Toronto"
    )
    tuesday = day(date(2026, 10, 20))

    assert slot_chosen([*day(), *tuesday], performed_at) == "09:00"
    assert choose(
        None, performed_at, [*day(), *tuesday], local_date(performed_at, ZONE)
    ) == tuesday[0].id  # fmt: skip


def test_times_per_week_fill_their_slots_in_order() -> None:
    found = due(Schedule(TimesPerWeek(10), ZONE, MONDAY), MONDAY, MONDAY)
    taken = [candidate(each, resolved=len(each.slot_id) == 1) for each in found]

    assert slot_chosen([candidate(each) for each in found], at("12:00")) == "1"
    assert slot_chosen(taken, at("12:00")) == "10"
    first_taken = [candidate(each, resolved=each.slot_id == "1") for each in found]
    assert slot_chosen(first_taken, at("12:00")) == "2"


def test_name_of_nothing_that_is_due_is_passed_over() -> None:
    assert slot_chosen(day(), at("09:05"), "noon") == "09:00"


@given(
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.integers(0, 3 * 24 * 60),
    st.sampled_from([None, "09:00", "16:00", "noon"]),
)
def test_resolution_picks_at_most_one_and_only_what_is_open(
    resolved: list[bool], minutes: int, named: str | None
) -> None:
    found = due(daily(ZONE, "09:00", "16:00"), MONDAY, MONDAY + timedelta(days=2))
    candidates = [
        candidate(each, resolved=taken) for each, taken in zip(found, resolved, strict=True)
    ]
    performed_at = at("00:00") + timedelta(minutes=minutes)

    chosen = choose(named, performed_at, candidates, local_date(performed_at, ZONE))

    matches = [each for each in candidates if each.id == chosen]
    assert len(matches) == (0 if chosen is None else 1)
    assert all(each.open for each in matches)


@given(st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=6))
def test_no_occurrence_is_resolved_by_two_logs(minutes: list[int]) -> None:
    taken: list[UUID] = []
    for minute in minutes:
        candidates = [
            candidate(each, resolved=occurrence_id(SERIES, 1, each.on, each.slot_id) in taken)
            for each in due(daily(ZONE, "09:00", "16:00"), MONDAY, MONDAY)
        ]
        performed_at = at("00:00") + timedelta(minutes=minute)
        chosen = choose(None, performed_at, candidates, MONDAY)
        if chosen is not None:
            taken.append(chosen)

    assert len(taken) == len(set(taken)) == min(len(minutes), 2)
