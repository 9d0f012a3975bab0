"""Schedules, zones and days for the properties."""

from datetime import date, time, timedelta
from zoneinfo import available_timezones

from hypothesis import strategies as st

from rehab.domain.recurrence import EveryNDays, Rule, Schedule, Slot, TimesPerWeek, Weekly

# Zones of cities and countries; "Factory" and "localtime" name no place.
ZONES = sorted(available_timezones() - {"Factory", "localtime"})

zones = st.sampled_from(ZONES)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2037, 12, 1))
clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))


@st.composite
def slots(draw: st.DrawFn) -> tuple[Slot, ...]:
    times = draw(st.sets(clock_times, min_size=1, max_size=4))
    return tuple(Slot(f"a{count}", at) for count, at in enumerate(sorted(times)))


@st.composite
def clock_rules(draw: st.DrawFn) -> Rule:
    """Rules with clock times: on days of the week, or every n days."""
    if draw(st.booleans()):
        week = draw(st.sets(st.integers(0, 6), min_size=1))
        return Weekly(frozenset(week), draw(slots()))
    return EveryNDays(draw(st.integers(1, 30)), draw(days), draw(slots()))


rules = st.one_of(
    clock_rules(),
    st.builds(TimesPerWeek, st.integers(1, 14), st.one_of(st.none(), clock_times)),
)


@st.composite
def schedules(draw: st.DrawFn, rule: st.SearchStrategy[Rule] = rules) -> Schedule:
    starts_on = draw(days)
    lasts = draw(st.one_of(st.none(), st.integers(0, 60)))
    ends_on = None if lasts is None else starts_on + timedelta(days=lasts)
    return Schedule(draw(rule), draw(zones), starts_on, ends_on)


def daily(zone: str, *clock: str, starts_on: date = date(2026, 9, 28)) -> Schedule:
    """Return a schedule of every day at these times of day."""
    day_slots = tuple(Slot(at, time.fromisoformat(at)) for at in clock)
    return Schedule(Weekly(frozenset(range(7)), day_slots), zone, starts_on)
