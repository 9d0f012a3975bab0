"""What was given up is seen by operators, who may try it again; and so is a plan that is broken."""

import logging
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from patients.models import AuditEvent
from rehab.actions.dead_letters import retry_deliveries
from rehab.actions.delivery import Drained, drain
from rehab.actions.results import GIVE_UP_AFTER
from rehab.models import Delivery, Occurrence, Plan, PlanItem
from rehab.models.operations import DeadLetter
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import done, local
from tests.integration.rehab.ticking import tick
from tests.people import Cast, browser_of, make_patient, make_post, make_user
from tests.plans import assign, shoulder


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def operator(cast):
    return make_user("omar", is_staff=True, is_superuser=True)


@pytest.fixture
def arm():
    return shoulder("09:00", reminded=())


@pytest.fixture
def given_up(cast, arm, mailbox):
    """The reminder of nine o'clock, after the last of its tries."""
    assign(cast, arm, at=local(18, 20))
    mailbox.answers["alice@example.test"] = "450 later"
    with cast.inside():
        Delivery.objects.filter(due_at=local(19, 9)).update(failures=GIVE_UP_AFTER - 1)
    drain(at=local(19, 9))
    del mailbox.answers["alice@example.test"]
    with cast.inside():
        return DeadLetter.objects.get()


def test_what_was_given_up_is_in_the_admin_without_a_name_or_an_address(cast, given_up, operator):
    page = browser_of(operator).get(reverse("admin:rehab_deadletter_changelist"))
    assert page.status_code == 200
    shown = page.content.decode()
    assert "gave_up: smtp 450" in shown
    assert "alice@example.test" not in shown
    assert cast.patient.name not in shown


def test_an_operator_tries_it_again_and_the_audit_says_so(cast, given_up, operator, mailbox):
    with time_machine.travel(local(19, 9, 30), tick=False):
        answer = browser_of(operator).post(
            reverse("admin:rehab_deadletter_changelist"),
            {"action": "retry", "_selected_action": [str(given_up.pk)]},
        )
    assert answer.status_code == 302
    assert drain(at=local(19, 9, 31)) == Drained(sent=1)
    assert mailbox.recipients == ["alice@example.test"]
    with cast.inside():
        told = AuditEvent.objects.get(kind="delivery.retry")
        assert not DeadLetter.objects.exists()
    assert (told.actor_id, told.target_id) == (operator.pk, given_up.pk)
    assert told.patient_id == cast.patient.pk


def test_a_retry_has_all_its_tries_again_and_looks_at_everything_anew(
    cast, arm, given_up, operator, mailbox
):
    retry_deliveries(by=operator, at=local(19, 9, 30), delivery_ids=[given_up.pk])
    done(cast, arm.series, local(19, 9, 40))
    assert drain(at=local(19, 9, 41)) == Drained(dropped=1)
    with cast.inside():
        row = Delivery.objects.get(due_at=local(19, 9))
    assert (row.failures, row.outcome, row.reason) == (0, "not_sent", "done")


def test_what_was_sent_cannot_be_tried_again(cast, arm, operator, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    with cast.inside():
        row = Delivery.objects.get(due_at=local(19, 9))
    assert retry_deliveries(by=operator, at=local(19, 10), delivery_ids=[row.id]) == 0
    assert drain(at=local(19, 10)) == Drained()


def test_staff_of_another_clinic_retry_nothing(cast, given_up, mailbox):
    stranger = make_user("stan", is_staff=True)
    make_post(cast.other_clinic, stranger)
    assert retry_deliveries(by=stranger, at=local(19, 10), delivery_ids=[given_up.pk]) == 0


def test_who_is_not_staff_sees_no_letters(cast, given_up):
    for user in (cast.alice, cast.bob, cast.dana):
        answer = browser_of(user).get(reverse("admin:rehab_deadletter_changelist"))
        assert answer.status_code == 302


@pytest.fixture
def three_plans(cast):
    """Alice and two others, each with a plan whose next two days are not stored yet."""
    plans = [assign(cast, shoulder("09:00"), at=local(18, 20))]
    for name in ("Ann", "Art"):
        patient = make_patient(cast.clinic, name)
        plans.append(_copied(cast, plans[0], patient))
    return plans


def _copied(cast: Cast, original: Plan, patient) -> Plan:
    with cast.inside():
        plan = Plan.objects.get(pk=original.pk)
        version = plan.versions.get()
        item = PlanItem.objects.get(version=version)
        for row in (plan, version, item):
            row.pk, row.patient, row._state.adding = uuid4(), patient, True
        version.plan, item.version, item.series = plan, version, uuid4()
        plan.materialised_until = None
        for row in (plan, version, item):
            row.save(force_insert=True)
        return Plan.objects.get(pk=plan.pk)


def test_a_plan_that_cannot_be_computed_holds_up_no_other(cast, three_plans, caplog):
    broken = three_plans[1]
    with cast.inside():
        PlanItem.objects.filter(version__plan=broken).update(schedule={"rule": "moonlight"})
    with caplog.at_level(logging.ERROR):
        assert tick(cast, local(19, 20)) == 3
    with cast.inside():
        last = dict.fromkeys(
            Occurrence.objects.filter(due_at__gt=local(21, 0)).values_list("patient_id", flat=True)
        )
        now = Plan.objects.get(pk=broken.pk)
    assert set(last) == {plan.patient_id for plan in three_plans if plan.pk != broken.pk}
    assert (now.uncomputed_since, now.uncomputed_why) == (local(19, 20), "ScheduleError")
    assert [record.plan for record in caplog.records] == [str(broken.pk)]


def test_a_plan_that_cannot_be_computed_is_tried_again_and_forgets_when_mended(cast, three_plans):
    broken = three_plans[1]
    with cast.inside():
        kept = PlanItem.objects.get(version__plan=broken).schedule
        PlanItem.objects.filter(version__plan=broken).update(schedule={"rule": "moonlight"})
    tick(cast, local(19, 20))
    assert tick(cast, local(19, 20, 5)) == 0
    assert tick(cast, local(19, 20, 15)) == 1
    with cast.inside():
        PlanItem.objects.filter(version__plan=broken).update(schedule=kept)
    assert tick(cast, local(19, 20, 30)) == 1
    with cast.inside():
        mended = Plan.objects.get(pk=broken.pk)
    assert (mended.uncomputed_since, mended.uncomputed_why) == (None, "")
    assert mended.materialised_until > local(21, 20)


def test_operators_see_which_plans_cannot_be_computed(cast, three_plans, operator):
    with cast.inside():
        PlanItem.objects.filter(version__plan=three_plans[1]).update(schedule={"rule": "moon"})
    tick(cast, local(19, 20))
    shown = browser_of(operator).get(reverse("admin:rehab_uncomputedplan_changelist"))
    assert str(three_plans[1].pk) in shown.content.decode()
    assert str(three_plans[2].pk) not in shown.content.decode()
