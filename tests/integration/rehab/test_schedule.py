"""What falls due is stored 48 hours ahead, once, however often and however late the tick runs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from patients.access.walls import within_every_clinic
from rehab.actions.occurrences import skip_occurrence
from rehab.actions.patient_row import lock_patient
from rehab.actions.plans import complete_plan
from rehab.actions.schedule import materialise
from rehab.domain.identity import occurrence_id
from rehab.domain.session_entry import SkipEntry
from rehab.models import Occurrence, Reminder
from rehab.tasks.schedule import materialise as materialise_task
from tests.integration.rehab.scenes import (
    day_of,
    done,
    figures,
    local,
    occurrences,
    reread,
    states,
    turning,
)
from tests.integration.rehab.ticking import tick
from tests.people import make_cast
from tests.plans import assign, shoulder, weekly

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def plan(cast):
    return assign(cast, shoulder(), at=local(18, 20))


def test_a_second_tick_changes_nothing(cast, plan):
    first = [(each.id, each.state) for each in occurrences(cast)]
    assert tick(cast, local(18, 20)) == 0
    assert tick(cast, local(18, 22)) == 1
    assert tick(cast, local(18, 22)) == 0
    again = [(each.id, each.state) for each in occurrences(cast)]
    assert again[: len(first)] == first
    assert len(again) == len({each for each, _ in again})
    assert reread(cast, plan).materialised_until == local(20, 22)


def test_the_id_of_an_occurrence_can_be_computed_before_it_is_stored(cast, plan):
    first = occurrences(cast)[0]
    assert first.id == occurrence_id(first.series, 1, date(2026, 10, 19), "s1")


def test_a_tick_that_was_dead_for_days_stores_them_and_reminds_of_none_of_them(cast, plan):
    tick(cast, local(25, 12))
    assert figures(cast, "due", on__lte=date(2026, 10, 25)) == (14,)
    with cast.inside():
        late = Reminder.objects.filter(due_at__gt=local(20, 20), due_at__lte=local(25, 12))
        assert not late.exists()
        assert Reminder.objects.filter(due_at=local(25, 16)).exists()


def test_a_log_fills_the_gap_that_a_dead_tick_left(cast, plan):
    series = occurrences(cast)[0].series
    answer = done(cast, series, local(25, 9))
    assert answer.log.placement == "slot"
    assert figures(cast, "due", "done", on=date(2026, 10, 25)) == (2, 1)


def test_the_figures_of_a_day_say_when_its_windows_close(cast, plan):
    day = day_of(cast, occurrences(cast)[0].series, date(2026, 10, 19))
    assert day.open_closes_at == [local(19, 12, 30), local(20, 0)]


def test_a_new_york_evening_keeps_its_clock_over_the_end_of_summer_time(cast):
    item = shoulder(zone="America/New_York", schedule=weekly("01:30", "18:00"))
    start = datetime(2026, 10, 31, 12, tzinfo=NEW_YORK)
    assign(cast, item, at=start)
    seen = {(each.on.day, each.slot): each for each in occurrences(cast)}
    assert seen[31, "s2"].due_at == datetime(2026, 10, 31, 22, tzinfo=UTC)
    assert seen[1, "s1"].due_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert seen[1, "s2"].due_at == datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert sum(key == (1, "s1") for key in seen) == 1


def test_n_per_week_is_due_in_its_first_week_in_part(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 3, "at": "18:00"})
    assign(cast, item, at=local(22, 10))
    # Thursday to Sunday are four days: round(3 * 4/7) = 2.
    first = occurrences(cast, on=date(2026, 10, 22))
    assert [each.slot for each in first] == ["1", "2"]
    assert first[0].closes_at == local(26, 0)
    tick(cast, local(25, 12))
    assert len(occurrences(cast, on=date(2026, 10, 26))) == 3


def test_n_per_week_takes_sessions_of_any_day(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 2}, maximum={})
    assign(cast, item, at=local(18, 20))
    tick(cast, local(19, 1))
    for day in (20, 23, 24):
        last = done(cast, item.series, local(day, 10))
    assert last.log.placement == "extra"
    assert states(cast, on=date(2026, 10, 19)) == ["done", "done"]


def test_every_second_day_counts_from_its_anchor(cast):
    rule = {
        "rule": "every_n_days",
        "n": 2,
        "anchor": "2026-10-20",
        "slots": [{"id": "a", "at": "09:00"}],
    }
    assign(cast, shoulder(schedule=rule), at=local(18, 20))
    tick(cast, local(21, 12))
    assert [each.on.day for each in occurrences(cast)] == [20, 22]


def test_training_ends_with_its_expiry_and_care_goes_on(cast):
    training, care = shoulder(), turning("22:30")
    plan = assign(cast, training, care, at=local(18, 20))
    with cast.inside():
        plan.training_expires_on = date(2026, 10, 19)
        plan.save()
        Occurrence.objects.filter(on__gt=date(2026, 10, 19)).delete()
        plan.materialised_until = local(19, 20)
        plan.save()
    tick(cast, local(22, 12))
    assert {each.on.day for each in occurrences(cast, series=training.series)} == {19}
    assert {each.on.day for each in occurrences(cast, series=care.series)} >= {20, 21, 22, 23}


def test_an_expiry_before_the_item_starts_breaks_no_tick(cast):
    later = shoulder(starts_on=date(2027, 5, 1))
    plan = assign(cast, later, turning("22:30"), at=local(18, 20))
    assert plan.training_expires_on < date(2027, 5, 1)
    assert tick(cast, local(20, 12)) == 1
    assert occurrences(cast, series=later.series) == []


def test_a_finished_plan_is_left_alone(cast, plan):
    complete_plan(by=cast.dana, at=local(18, 21), plan_id=plan.pk, reason="well")
    assert tick(cast, local(20, 12)) == 0


def test_a_phone_may_skip_a_day_that_is_not_stored_yet(cast, plan):
    series = occurrences(cast)[0].series
    ahead = occurrence_id(series, 1, date(2026, 10, 28), "s1")
    skipped = skip_occurrence(
        by=cast.bob,
        at=local(19, 8),
        patient_id=cast.patient.pk,
        told=SkipEntry(occurrence=ahead, reason="away"),
    )
    assert (skipped.occurrence.state, skipped.occurrence.on) == ("skipped", date(2026, 10, 28))
    tick(cast, local(27, 12))
    assert states(cast, on=date(2026, 10, 28)) == ["skipped", "due"]


def test_the_task_extends_every_plan_and_stops(cast, plan):
    with time_machine.travel(local(20, 12), tick=False):
        assert materialise_task() == 1
        assert materialise_task() == 0


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_store_everything_once():
    cast = make_cast()
    assign(cast, shoulder(), turning("22:30"), at=local(18, 20))
    together = Barrier(2)

    def run() -> int:
        together.wait()
        try:
            with within_every_clinic():
                return materialise(at=local(22, 12))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        extended = [each.result() for each in (pool.submit(run), pool.submit(run))]
    assert sorted(extended) in ([0, 1], [1, 1])
    assert len(occurrences(cast, on=date(2026, 10, 21))) == 3
    # The 18th holds only what came after 20:00: the turn at half past ten.
    assert figures(cast, "due", on__lte=date(2026, 10, 22)) == (1 + 4 * 3,)


@pytest.mark.django_db(transaction=True)
def test_a_tick_and_a_log_at_once_agree():
    cast = make_cast()
    item = shoulder()
    assign(cast, item, at=local(18, 20))
    together = Barrier(2)

    def ticking() -> None:
        together.wait()
        try:
            tick(cast, local(22, 12))
        finally:
            connection.close()

    def logging() -> None:
        together.wait()
        try:
            done(cast, item.series, local(22, 9), source="recalled")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for each in (pool.submit(ticking), pool.submit(logging)):
            each.result()
    assert figures(cast, "due", "done", on=date(2026, 10, 22)) == (2, 1)
    with cast.inside():
        assert Occurrence.objects.filter(patient_id=cast.patient.pk).count() >= 8


@pytest.mark.django_db(transaction=True)
def test_a_tick_leaves_out_whoever_is_busy_and_comes_back():
    cast = make_cast()
    assign(cast, shoulder(), at=local(18, 20))

    def ticking() -> int:
        try:
            return tick(cast, local(22, 12))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, cast.inside():
        lock_patient(cast.patient.pk)
        assert pool.submit(ticking).result(timeout=10) == 0
    assert tick(cast, local(22, 12)) == 1
