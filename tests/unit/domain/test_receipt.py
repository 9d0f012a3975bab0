from datetime import UTC, date, datetime, time, timedelta

from rehab.domain.receipt import is_near_duplicate, judge_performed_at, receipt
from rehab.domain.recurrence import instant

NOW = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_log_over_a_clock_change_is_late_by_instants_and_not_by_the_wall_clock() -> None:
    # Case 4: Saturday 10:00 typed on Monday 09:00 in London, the clocks went back between.
    performed_at = instant(date(2026, 10, 24), time(10), "Europe/London")

    assert NOW - performed_at == timedelta(hours=48)
    assert receipt(performed_at, NOW).late


def test_log_of_the_same_day_is_not_late() -> None:
    assert not receipt(NOW - timedelta(hours=24), NOW).late
    assert receipt(NOW - timedelta(hours=24, seconds=1), NOW).late


def test_session_older_than_seven_days_needs_a_clinician() -> None:
    assert not receipt(NOW - timedelta(days=7), NOW).needs_confirmation
    assert receipt(NOW - timedelta(days=10), NOW).needs_confirmation


def test_skew_of_the_phones_clock_is_kept() -> None:
    ten_years_ahead = NOW + timedelta(days=3652)

    assert receipt(NOW, NOW, ten_years_ahead).clock_skew == timedelta(days=3652)
    assert receipt(NOW, NOW).clock_skew is None


def test_future_is_refused_and_just_now_is_offered() -> None:
    finding = judge_performed_at(NOW + timedelta(minutes=5, seconds=1), NOW)

    assert finding is not None
    assert (finding.field, finding.code, finding.severity) == ("performed_at", "future", "refuse")
    assert finding.params["likely"] == [{"meaning": "just_now", "value": NOW.isoformat()}]


def test_five_minutes_ahead_are_forgiven() -> None:
    assert judge_performed_at(NOW + timedelta(minutes=5), NOW) is None


def test_same_session_told_twice_within_five_minutes_is_a_near_duplicate() -> None:
    later = NOW + timedelta(minutes=5)

    assert is_near_duplicate(NOW, later, same_values=True)
    assert is_near_duplicate(later, NOW, same_values=True)
    assert not is_near_duplicate(NOW, later, same_values=False)
    assert not is_near_duplicate(NOW, later + timedelta(seconds=1), same_values=True)
