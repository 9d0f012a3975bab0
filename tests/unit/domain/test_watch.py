"""The watch speaks when messages stop leaving, goes on asking, and says when it is over."""

from datetime import UTC, datetime, timedelta

from rehab.domain.watch import AGAIN_AFTER, Say, Watch

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)
LATE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def after(watch: Watch, oldest: timedelta | None, *, minutes: float = 0) -> tuple[Watch, Say]:
    return watch.look(oldest, now=NOW + timedelta(minutes=minutes))


def test_all_well_is_said_at_every_look_because_silence_is_the_alarm() -> None:
    watch, said = after(Watch(LATE), LATE - SECOND)

    assert (said, after(watch, timedelta(0), minutes=1)[1]) == (Say.WELL, Say.WELL)


def test_the_alarm_is_raised_at_the_limit_and_told_once() -> None:
    watch, said = after(Watch(LATE), LATE)

    assert said is Say.ALARM
    assert after(watch, LATE * 2, minutes=5)[1] is Say.NOTHING


def test_a_database_that_does_not_answer_is_an_alarm_too() -> None:
    assert after(Watch(LATE), None)[1] is Say.ALARM


def test_trouble_that_stays_is_told_again_every_hour() -> None:
    watch, _ = after(Watch(LATE), LATE)
    hour = AGAIN_AFTER.total_seconds() / 60

    assert after(watch, LATE, minutes=hour - 1)[1] is Say.NOTHING
    watch, said = after(watch, LATE, minutes=hour)
    assert said is Say.AGAIN
    assert after(watch, LATE, minutes=hour + 1)[1] is Say.NOTHING


def test_the_end_of_trouble_is_told_and_then_all_is_well() -> None:
    watch, _ = after(Watch(LATE), LATE)
    watch, said = after(watch, timedelta(0), minutes=3)

    assert said is Say.OVER
    assert after(watch, timedelta(0), minutes=4)[1] is Say.WELL


def test_an_alarm_that_reached_nobody_is_raised_again_at_the_next_look() -> None:
    watch, _ = after(Watch(LATE), LATE)

    assert after(watch.untold(), LATE, minutes=1)[1] is Say.ALARM
