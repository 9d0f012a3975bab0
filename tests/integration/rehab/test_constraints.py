"""What the database itself refuses, one test a constraint, whatever the code above it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from patients.access.walls import within_clinics
from rehab.models import (
    ClinicalProfile,
    ContentSignature,
    Delivery,
    Departure,
    EscalationStep,
    GateOverride,
    Occurrence,
    Pause,
    Plan,
    PlanItem,
    PlanPart,
    PlanVersion,
    SafetyFlag,
    SessionAmendment,
    SessionLog,
)
from tests.integration.rehab.scenes import done, flags, local, told
from tests.people import Cast
from tests.plans import assign, in_detail, shoulder

AT = local(19, 12)


@contextmanager
def refuses(name: str) -> Iterator[None]:
    """Expect one constraint, by its name, to refuse what happens inside."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


@pytest.fixture
def item():
    return shoulder()


@pytest.fixture
def plan(cast, item):
    return assign(cast, item, at=local(18, 20))


@pytest.fixture
def log(cast, plan, item):
    return done(cast, item.series, local(19, 9))


@pytest.fixture
def inside(cast, plan):
    with cast.inside():
        yield


def keys(cast: Cast) -> dict[str, object]:
    return {"patient_id": cast.patient.pk, "clinic_id": cast.clinic.pk}


def copy(row, **changes):
    """The same row under another id."""
    row.pk, row._state.adding = changes.pop("pk", uuid4()), True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


CONSTRAINTS = {
    constraint.name
    for model in apps.get_app_config("rehab").get_models()
    for constraint in model._meta.constraints
}


@pytest.fixture
def flag(cast, plan, item):
    told(cast, in_detail(item.series, local(19, 9), {item.parts[0].part: {"pain": 8}}))
    return flags(cast)[0]


def test_a_flag_is_acknowledged_by_somebody(flag, inside):
    with refuses("flag_acknowledged_at_with_by"):
        SafetyFlag.objects.filter(pk=flag.pk).update(acknowledged_at=AT)


def test_an_escalation_step_is_there_once(flag, inside):
    step = EscalationStep.objects.filter(flag=flag).first()
    with refuses("escalation_step_once"):
        copy(step)


def test_a_series_is_in_a_version_once(inside):
    with refuses("series_once_in_a_version"):
        copy(PlanItem.objects.get())


def test_an_item_ends_after_it_starts(inside):
    with refuses("plan_item_ends_after_it_starts"):
        PlanItem.objects.update(ends_on=date(2020, 1, 1))


def test_a_part_is_in_an_item_once(inside):
    with refuses("part_once_in_an_item"):
        copy(PlanPart.objects.first())


def paused(cast, **facts):
    given = {"series": uuid4(), "starts_at": AT, "reason": "swollen", "recorded_at": AT}
    return Pause.objects.create(**keys(cast), **{**given, **facts})


def test_a_pause_is_ended_by_somebody(cast, inside):
    with refuses("pause_ended_at_with_ended_by"):
        paused(cast, ended_at=AT)


def test_a_pause_ends_after_it_starts(cast, inside):
    with refuses("pause_ends_after_it_starts"):
        paused(cast, ended_at=AT - timedelta(hours=1), ended_by=cast.dana)


def test_an_occurrence_is_there_once(cast, inside):
    first = Occurrence.objects.order_by("due_at").first()
    with refuses("occurrence_once"):
        copy(first, pk=(first.patient_id, uuid4()))


def test_a_skip_has_a_reason(inside):
    with refuses("skipped_has_a_reason"):
        Occurrence.objects.update(state="skipped")


def test_what_is_done_names_its_log(inside):
    with refuses("done_names_its_log"):
        Occurrence.objects.update(state="done")


def test_one_plan_runs_at_a_time(inside):
    with refuses("one_running_plan_a_patient"):
        copy(Plan.objects.get())


def test_a_version_is_there_once(inside):
    with refuses("plan_version_once"):
        copy(PlanVersion.objects.get())


def test_a_version_ends_after_it_starts(inside):
    with refuses("plan_version_ends_after_it_starts"):
        PlanVersion.objects.update(ended_at=local(1, 9))


def test_an_override_has_a_reason(cast, plan, inside):
    with refuses("gate_override_has_a_reason"):
        GateOverride.objects.create(
            **keys(cast),
            plan=plan,
            gate="suspected-dvt",
            gate_version=1,
            series=uuid4(),
            by=cast.dana,
            at=AT,
            reason="",
            expires_on=date(2027, 1, 1),
        )


def test_a_profile_revision_is_there_once(inside):
    with refuses("profile_revision_once"):
        copy(ClinicalProfile.objects.get())


def test_swallowing_of_food_is_iddsi_3_to_7(inside):
    with refuses("profile_food_iddsi_3_to_7"):
        ClinicalProfile.objects.update(swallowing_food=2)


def test_swallowing_of_drink_is_iddsi_0_to_4(inside):
    with refuses("profile_drink_iddsi_0_to_4"):
        ClinicalProfile.objects.update(swallowing_drink=5)


@pytest.mark.parametrize("facts", [{"outcome": "sent"}, {"next_at": None}])
def test_a_delivery_is_finished_or_due(inside, facts):
    with refuses("delivery_finished_or_next"):
        Delivery.objects.update(**facts)


def test_pain_of_a_log_is_0_to_10(log, inside):
    with refuses("log_pain_0_to_10"):
        SessionLog.objects.update(pain=11)


def test_effort_of_a_log_is_0_to_10(log, inside):
    with refuses("log_effort_0_to_10"):
        SessionLog.objects.update(effort=11)


def test_a_log_in_a_slot_names_it(log, inside):
    with refuses("log_in_a_slot_names_it"):
        SessionLog.objects.update(occurrence_id=None)


def test_an_occurrence_has_one_log(cast, log, inside):
    with refuses("one_log_an_occurrence"):
        copy(SessionLog.objects.get(), pk=(cast.patient.pk, uuid4()))


def test_pain_of_a_part_is_0_to_10(log, inside):
    with refuses("part_pain_0_to_10"):
        SessionLog.objects.update(parts=[{"part": str(uuid4()), "pain": 11}])


def test_a_part_has_the_settings_of_one_physics(log, inside):
    with refuses("part_has_one_stimulation_physics"):
        both = {"pulse_width_us": 300, "pulse_width_ms": 100}
        SessionLog.objects.update(parts=[{"part": str(uuid4()), "measures": both}])


@pytest.mark.parametrize("kind", ["amend", "retract"])
def test_a_correction_has_a_reason(cast, log, inside, kind):
    with refuses("correction_has_a_reason"):
        _amendment(cast, log, kind=kind)


def _amendment(cast, log, **facts):
    given = {"log_id": log.id, "revision": 1, "by": cast.bob, "at": AT, "before": {}}
    return SessionAmendment.objects.create(**keys(cast), **{**given, **facts})


def test_a_confirmation_needs_none(cast, log, inside):
    assert _amendment(cast, log, kind="confirm").reason == ""


def test_an_amendment_belongs_to_a_log_of_the_same_patient(cast, log, inside):
    with refuses("rehab_sessionamendment_log_same_patient"):
        SessionAmendment.objects.create(
            patient_id=cast.charlies_patient.pk,
            clinic_id=cast.clinic.pk,
            log_id=log.id,
            revision=1,
            kind="confirm",
            by=cast.bob,
            at=AT,
            before={},
        )


@pytest.mark.parametrize("name", ["plan", "planitem", "occurrence", "sessionlog", "delivery"])
def test_a_row_is_of_the_clinic_of_its_patient(cast, log, name):
    model = apps.get_model("rehab", name)
    with (
        within_clinics([cast.clinic.pk, cast.other_clinic.pk]),
        pytest.raises(IntegrityError, match=f"rehab_{name}"),
        transaction.atomic(),
    ):
        model.objects.update(clinic_id=cast.other_clinic.pk)


def test_a_log_id_is_used_once_for_a_patient(cast, log, inside):
    with refuses("rehab_sessionlog_pkey"):
        copy(
            SessionLog.objects.get(),
            pk=(cast.patient.pk, log.id),
            occurrence_id=None,
            placement="extra",
        )


def signature(cast, **facts):
    given = {
        "clinic": cast.clinic, "kind": "exercise", "slug": "skin-check", "digest": "d",
        "wording": [], "signed_by": cast.dana, "signed_at": AT,
    }  # fmt: skip
    return ContentSignature(**{**given, **facts})


def test_a_signature_is_for_a_known_kind_of_content(cast, inside):
    with refuses("signature_has_a_known_kind"):
        signature(cast, kind="rumour").save()


@pytest.mark.parametrize("missing", ["slug", "digest"])
def test_a_signature_names_a_wording(cast, inside, missing):
    with refuses("signature_names_a_wording"):
        signature(cast, **{missing: ""}).save()


def test_one_wording_is_signed_once_at_a_time(cast, inside):
    signature(cast).save()
    with refuses("one_standing_signature_a_wording"):
        signature(cast).save()


def test_a_signature_is_withdrawn_by_somebody(cast, inside):
    with refuses("signature_withdrawn_at_with_by"):
        signature(cast, withdrawn_at=AT).save()


def test_a_signature_is_not_withdrawn_before_it_was_given(cast, inside):
    with refuses("signature_withdrawn_after_signing"):
        signature(cast, withdrawn_by=cast.dana, withdrawn_at=AT - timedelta(hours=1)).save()


def test_a_note_of_departures_names_its_clinics(cast):
    with refuses("departure_names_its_clinics"):
        Departure.objects.create(noted_at=AT, due_again_at=AT, clinic_ids=[], told="[]")


def test_every_constraint_of_the_models_has_its_test():
    """Named in this file or beside it: what is added later asks for a test of its own."""
    files = Path(__file__).parent.glob("test_constraints*.py")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert [name for name in sorted(CONSTRAINTS) if f'refuses("{name}")' not in text] == []
