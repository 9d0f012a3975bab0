"""Every kind of schedule can be entered on the page that revises a plan."""

from datetime import date

import pytest

from rehab.models import PlanItem
from tests.integration.web.scenes import Scene, browser, form_on, text_of

WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]


def revised(scene: Scene, **changes: object):
    address = f"/plans/{scene.plan.pk}/edit/"
    dana = browser(scene.cast.dana)
    sent = form_on(dana.get(address).content.decode(), "base")
    days = {"i0-days": WORKDAYS, "i1-days": ["mon", "wed", "fri"]}
    return dana.post(address, {**sent, **days, **{f"i0-{k}": v for k, v in changes.items()}})


def latest(scene: Scene) -> PlanItem:
    with scene.cast.inside():
        rows = PlanItem.objects.filter(series=scene.passive).order_by("-version__number")
        return rows.first()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (
            {"rule": "weekly", "days": ["tue", "sat"], "times": "8:00，12:30, 20:00"},
            {
                "rule": "weekly",
                "days": ["tue", "sat"],
                "slots": [
                    {"id": "s1", "at": "08:00"},
                    {"id": "s2", "at": "12:30"},
                    {"id": "s3", "at": "20:00"},
                ],
            },
        ),
        (
            {"rule": "every_n_days", "n": "3", "anchor": "2026-10-21", "times": "10:00"},
            {
                "rule": "every_n_days",
                "n": 3,
                "anchor": "2026-10-21",
                "slots": [{"id": "s1", "at": "10:00"}],
            },
        ),
        ({"rule": "times_per_week", "n": "3", "times": ""}, {"rule": "times_per_week", "n": 3}),
        (
            {"rule": "times_per_week", "n": "3", "times": "18:00"},
            {"rule": "times_per_week", "n": 3, "at": "18:00"},
        ),
    ],
)
def test_each_rule_is_entered_as_it_is_meant(scene, changes, rule):
    assert revised(scene, **changes).status_code == 302
    assert latest(scene).schedule == {**rule, "zone_policy": "home"}


def test_first_and_last_day_and_whose_clock_are_entered(scene):
    answer = revised(scene, zone_policy="follow", starts_on="2026-10-22", ends_on="2026-11-30")
    assert answer.status_code == 302
    item = latest(scene)
    assert item.zone_policy == "follow"
    assert (item.starts_on, item.ends_on) == (date(2026, 10, 22), date(2026, 11, 30))
    again = browser(scene.cast.dana).get(f"/plans/{scene.plan.pk}/edit/").content.decode()
    assert form_on(again, "base")["i0-ends_on"] == "2026-11-30"


def test_a_last_day_before_the_first_is_refused_beside_its_field(scene):
    answer = revised(scene, starts_on="2026-10-22", ends_on="2026-10-20")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "The last day is before the first." in text_of(html)
    assert form_on(html, "base")["i0-starts_on"] == "2026-10-22"
    assert latest(scene).ends_on is None
