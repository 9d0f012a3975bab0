"""Figures by item and week, over HTTP."""

import pytest

from rehab.actions.pauses import hold_plan
from rehab.actions.plans import revise_plan
from rehab.actions.schedule import materialise
from rehab.domain.plan_draft import PlanDraft
from tests.integration.api.scenes import (
    body_of,
    detailed,
    get,
    local,
    log,
    of_alice,
    plan_for,
)
from tests.plans import assign, fes, items_of, shoulder


@pytest.fixture
def plan(cast):
    return plan_for(cast)


def let_days_pass(cast, first: int, last: int) -> None:
    for day in range(first, last + 1):
        with cast.inside():
            materialise(at=local(day, 1))


def progress(cast, at, **query):
    return get(cast.dana, of_alice(cast, "progress"), at, **query).json()


def test_a_week_counts_done_missed_skipped_and_extra(cast, plan):
    let_days_pass(cast, 19, 25)
    series = items_of(plan)[0].series
    log(
        cast,
        cast.bob,
        detailed(plan, local(19, 9), pain=2, repetitions=10, hold_seconds=5),
        local(19, 9, 10),
    )
    log(cast, cast.bob, body_of(series, local(19, 16)), local(19, 16, 10))
    log(cast, cast.bob, body_of(series, local(19, 19)), local(19, 19, 10))
    found = progress(cast, local(20, 23), **{"from": "2026-10-19", "to": "2026-10-25"})
    item = next(each for each in found["items"] if each["series"] == str(series))
    week = item["weeks"][0]
    assert (week["week"], week["version"]) == ("2026-10-19", 1)
    assert (week["due"], week["done"], week["missed"], week["extra"]) == (3, 2, 1, 1)
    assert (week["pain_max"], week["pain_mean"]) == (2, 2.0)
    assert item["days_since_last"] == 1
    assert round(item["total"]["adherence"], 2) == 0.67


def test_what_was_written_from_memory_can_be_left_out(cast, plan):
    let_days_pass(cast, 19, 20)
    series = items_of(plan)[0].series
    log(cast, cast.bob, body_of(series, local(19, 9), source="recalled"), local(20, 8))
    log(cast, cast.bob, body_of(series, local(19, 16)), local(19, 16, 10))
    total = progress(cast, local(20, 8), **{"from": "2026-10-19", "to": "2026-10-19"})["items"][0][
        "total"
    ]
    assert (total["adherence"], total["adherence_without_recalled"], total["recalled"]) == (
        1.0,
        0.5,
        1,
    )


def test_r5_each_version_is_counted_by_its_own_wording(cast, plan):
    let_days_pass(cast, 19, 21)
    passive = items_of(plan)[0]
    item = shoulder("09:00", series=passive.series)
    draft = PlanDraft(title="Plan", items=(item,))
    revise_plan(by=cast.dana, at=local(21, 12), plan_id=plan.pk, draft=draft)
    let_days_pass(cast, 22, 25)
    found = progress(cast, local(26, 1), **{"from": "2026-10-19", "to": "2026-10-25"})
    weeks = next(each for each in found["items"] if each["series"] == str(passive.series))["weeks"]
    assert [(week["version"], week["due"]) for week in weeks] == [(1, 5), (2, 4)]


def test_a_part_week_of_n_a_week_leaves_out_paused_days(cast):
    plan = assign(cast, fes(schedule={"rule": "times_per_week", "n": 7}), at=local(18, 20))
    let_days_pass(cast, 19, 21)
    series = items_of(plan)[0].series
    hold_plan(by=cast.dana, at=local(21, 12), plan_id=plan.pk, series=series, reason="Red skin")
    let_days_pass(cast, 22, 26)
    found = progress(cast, local(26, 12), **{"from": "2026-10-19", "to": "2026-10-25"})
    assert found["items"][0]["weeks"][0]["due"] == 2


def test_dates_that_are_swapped_or_too_far_apart_are_refused(cast, plan):
    swapped = get(
        cast.dana,
        of_alice(cast, "progress"),
        local(19, 9),
        **{"from": "2026-10-20", "to": "2026-10-19"},
    )
    assert (swapped.status_code, swapped.json()["errors"][0]["field"]) == (422, "to")
    wide = get(cast.dana, of_alice(cast, "progress"), local(19, 9), **{"from": "2020-01-01"})
    assert wide.json()["errors"][0]["code"] == "too_many_days"


def test_a_stranger_finds_no_figures(cast, plan):
    assert get(cast.charlie, of_alice(cast, "progress"), local(19, 9)).status_code == 404
