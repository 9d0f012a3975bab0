"""Where the service itself fails nothing is lost, and somebody is told."""

import pytest

from patients.access.walls import within_every_clinic
from rehab import rules as rulebook
from rehab.actions.escalation import escalate
from rehab.actions.undelivered import flag_undelivered
from rehab.models import Delivery, EscalationStep, Reminder, SafetyFlag
from rehab.models.reads.flags import flag_rows, flag_view
from tests.integration.rehab.scenes import flags, local, log_of, told
from tests.plans import as_planned, assign, in_detail, shoulder


@pytest.fixture
def arm():
    return shoulder("09:00", maximum={})


@pytest.fixture
def plan(cast, arm):
    return assign(cast, arm, at=local(18, 20))


@pytest.fixture
def unreadable(monkeypatch, tmp_path):
    """A rule sheet that was cut off half-way on its way to the server."""
    whole = rulebook._FOLDER
    for name in ("safety", "operations", "escalation"):
        text = (whole / f"{name}.json").read_text("utf-8")
        cut = text[: len(text) // 2] if name == "safety" else text
        (tmp_path / f"{name}.json").write_text(cut, "utf-8")
    monkeypatch.setattr(rulebook, "_FOLDER", tmp_path)
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget():
    for read in (
        rulebook.data,
        rulebook.rules,
        rulebook.book,
        rulebook.notices,
        rulebook.operations,
        rulebook.escalation,
    ):
        read.cache_clear()


def test_a_log_that_the_rules_cannot_judge_is_kept_and_somebody_is_asked_to_look(
    cast, plan, arm, unreadable
):
    sent = in_detail(arm.series, local(19, 23), {arm.parts[0].part: {"pain": 8}})
    answer = told(cast, sent)
    assert (answer.status, log_of(cast, answer.id).status) == (201, "recorded")
    [raised] = answer.flags
    assert (raised.rule, raised.level) == ("rules-not-judged", "E1")
    assert "could not be checked for danger signs" in raised.text["en"]
    with cast.inside():
        steps = EscalationStep.objects.order_by("position")
        # Told at once, whatever the hour: nobody knows what it is.
        assert [(each.audience, each.outcome) for each in steps] == [
            ("on_duty", "told"),
            ("deputy", ""),
            ("last_resort", ""),
        ]
        row = flag_rows(SafetyFlag.objects.all()).get()
    assert "could not be checked" in flag_view(row, "en").text
    # Told again it is the same flag, and a second log of the item alarms nobody a second time.
    told(cast, sent, log_id=answer.id)
    told(cast, as_planned(arm.series, local(20, 9)))
    assert len(flags(cast, rule="rules-not-judged")) == 2
    with cast.inside():
        assert EscalationStep.objects.count() == 3


def test_an_alert_that_fails_on_every_channel_is_a_flag_of_its_own_once(cast, plan, arm):
    told(cast, in_detail(arm.series, local(19, 10), {arm.parts[0].part: {"pain": 8}}))
    assert swept(local(19, 10, 1)) == 0, "still under way"
    failed(cast.bob)
    assert swept(local(19, 10, 5)) == 1
    [ours] = flags(cast, rule="alert-not-delivered")
    assert ours.level == "E1"
    assert swept(local(19, 10, 6)) == 0
    with cast.inside():
        told_now = Reminder.objects.filter(flag_id=ours.pk).values_list("recipient", flat=True)
        assert list(told_now) == [cast.dana.pk]
    # A message about a message that failed raises none about itself.
    failed(cast.dana)
    assert swept(local(19, 10, 9)) == 0


def swept(at):
    with within_every_clinic():
        escalate(at=at)
        return flag_undelivered(at=at)


def failed(who):
    with within_every_clinic():
        Delivery.objects.filter(recipient=who).update(
            next_at=None, outcome="failed", reason="gave_up: no route", finished_at=local(19, 10, 4)
        )
