"""Assigning a plan: drafts with gaps, gates, overrides, and who may."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from exercises import reference
from exercises.models import Exercise, Protocol
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.models import Clinic, DutyShift
from rehab.actions.from_protocol import draft_from_protocol
from rehab.actions.plans import activate_plan, complete_plan, create_plan, revise_plan
from rehab.actions.readiness import gates_of
from rehab.domain.plan_draft import ItemDraft, OverrideDraft, PartDraft, PlanDraft
from rehab.models import GateOverride, Plan, PlanItem, PlanStatusChange
from tests.integration.rehab.scenes import (
    local,
    long_pulse,
    occurrences,
    plan_of,
    reread,
    turning,
)
from tests.plans import clear_profile, fes, items_of, load_catalogue, shoulder

NOW = local(18, 20)


@pytest.fixture
def clinic(cast):
    load_catalogue()
    clear_profile(cast, at=NOW)
    return cast.clinic


def draft_plan(cast, *items: ItemDraft, **facts) -> Plan:
    draft = plan_of(*items, **facts)
    return create_plan(by=cast.dana, at=NOW, patient_id=cast.patient.pk, draft=draft)


def refused(call, *, because=Invalid) -> dict[str, str]:
    """The errors of a refusal: path -> code."""
    with pytest.raises(because) as caught:
        call()
    return {error.field: error.code for error in caught.value.errors}


def activating(cast, plan, *overrides):
    return lambda: activate_plan(by=cast.dana, at=NOW, plan_id=plan.pk, overrides=overrides)


def override(item: PlanItem, gate: str, *, until: date, reason="Agreed with the cardiologist"):
    return OverrideDraft(series=item.series, gate=gate, reason=reason, expires_on=until)


def test_a_draft_may_have_gaps_and_activation_names_every_one(cast, clinic):
    gaps = ItemDraft(
        exercise="fes-quadriceps",
        schedule={},
        parts=(PartDraft(exercise="fes-quadriceps", side="", dose={"frequency_hz": 40}),),
    )
    plan = draft_plan(cast, gaps, shoulder(parts=(PartDraft(side=""),)))
    assert refused(activating(cast, plan)) == {
        "items.0.schedule": "required",
        "items.0.parts.0.dose.amplitude_ma": "required",
        "items.0.parts.0.dose.minutes": "required",
        "items.0.parts.0.dose.pulse_width_us": "required",
        "items.0.parts.0.side": "required",
        "items.1.parts.0.dose.repetitions": "required",
        "items.1.parts.0.side": "required",
        "items.1.parts.0.motion": "teaching_required",
    }


def test_activation_names_gaps_and_gates_together(cast, clinic):
    clear_profile(cast, at=NOW, answers={"pacemaker": "yes", "pregnancy": "unknown"})
    ride = ItemDraft(
        exercise="fes-cycling",
        schedule={"rule": "times_per_week", "n": 3},
        parts=(PartDraft(muscle="quadriceps", side="both"),),
    )
    errors = refused(activating(cast, draft_plan(cast, ride)))
    assert errors["items.0.target.minutes"] == "required"
    assert errors["items.0.gates.implanted-electronics"] == "contraindicated"
    assert errors["items.0.gates.pregnancy-stimulation"] == "unknown_must_be_answered"


def test_an_active_plan_is_dated_and_due(cast, clinic):
    plan = draft_plan(cast, shoulder())
    active = activating(cast, plan)()
    assert (active.status, active.review_due_on, active.training_expires_on) == (
        "active",
        date(2027, 1, 10),
        date(2027, 4, 18),
    )
    assert len(occurrences(cast)) == 4
    with cast.inside():
        change = PlanStatusChange.objects.get(plan=plan)
    assert (change.was, change.now, change.by, change.at) == ("draft", "active", cast.dana, NOW)


@pytest.mark.parametrize(
    ("answer", "item", "gate"),
    [
        ("pacemaker", fes(), "implanted-electronics"),
        ("implanted_electronics", long_pulse(), "implanted-electronics"),
        ("unstable_fracture", shoulder(), "unstable-fracture"),
        ("suspected_dvt", fes(), "suspected-dvt"),
        ("suspected_dvt", shoulder(), "suspected-dvt"),
    ],
)
def test_an_absolute_gate_blocks_what_it_is_about(cast, clinic, answer, item, gate):
    clear_profile(cast, at=NOW, answers={answer: "yes"})
    errors = refused(activating(cast, draft_plan(cast, item)))
    assert set(errors) == {f"items.0.gates.{gate}"}
    assert set(errors.values()) == {"contraindicated"}


def test_pregnancy_bars_cycling_and_the_trunk_and_not_a_stimulated_thigh(cast, clinic):
    clear_profile(cast, at=NOW, answers={"pregnancy": "yes"})
    assert activating(cast, draft_plan(cast, fes()))().status == "active"
    part = fes().parts[0]
    trunk = fes(
        exercise="fes-gluteals",
        parts=(replace(part, exercise="fes-gluteals", muscle="gluteals"),),
    )
    with cast.inside():
        Plan.objects.update(status="completed")
    clear_profile(cast, at=NOW, answers={"pregnancy": "yes"}, innervation={"gluteals": "intact"})
    errors = refused(activating(cast, draft_plan(cast, trunk)))
    assert errors == {"items.0.gates.pregnancy-stimulation": "contraindicated"}


def test_an_unanswered_question_must_be_answered_and_no_override_helps(cast, clinic):
    clear_profile(cast, at=NOW, answers={"pacemaker": "unknown"})
    plan = draft_plan(cast, fes())
    item = items_of(plan)[0]
    given = override(item, "implanted-electronics", until=date(2027, 1, 1))
    assert refused(activating(cast, plan, given)) == {
        "items.0.gates.implanted-electronics": "unknown_must_be_answered"
    }


def test_without_a_profile_everything_is_unknown(cast):
    load_catalogue()
    errors = refused(activating(cast, draft_plan(cast, fes())))
    assert set(errors.values()) == {"unknown_must_be_answered"}


def test_fes_on_a_denervated_muscle_is_blocked(cast, clinic):
    clear_profile(cast, at=NOW, innervation={"quadriceps": "denervated"})
    assert refused(activating(cast, draft_plan(cast, fes()))) == {
        "items.0.gates.lower-motor-neurone-lesion": "contraindicated"
    }


def test_long_pulses_on_a_muscle_nobody_tested_must_be_answered(cast, clinic):
    clear_profile(cast, at=NOW, innervation={"wrist_extensors": "unknown"})
    assert refused(activating(cast, draft_plan(cast, long_pulse()))) == {
        "items.0.gates.long-pulse-innervation": "unknown_must_be_answered"
    }


def test_long_pulses_on_a_denervated_muscle_may_start(cast, clinic):
    assert activating(cast, draft_plan(cast, long_pulse()))().status == "active"


def test_a_partly_supplied_muscle_is_a_warning_and_no_block(cast, clinic):
    clear_profile(cast, at=NOW, innervation={"quadriceps": "partial"})
    plan = draft_plan(cast, fes())
    with cast.inside():
        report = gates_of(plan, by=cast.dana, at=NOW)
    assert ("partly-denervated", False) in {(each.blocked.gate, each.blocks) for each in report}
    assert activating(cast, plan)().status == "active"


def test_a_named_override_with_reason_and_expiry_lets_an_item_pass(cast, clinic):
    clear_profile(cast, at=NOW, answers={"pacemaker": "yes"})
    plan = draft_plan(cast, fes())
    item = items_of(plan)[0]
    unneeded = override(item, "suspected-dvt", until=date(2026, 12, 1))
    given = override(item, "implanted-electronics", until=date(2026, 12, 1))
    assert activating(cast, plan, given, unneeded)().status == "active"
    with cast.inside():
        kept = GateOverride.objects.get()
    assert (kept.by, kept.at, kept.gate, kept.expires_on) == (
        cast.dana,
        NOW,
        "implanted-electronics",
        date(2026, 12, 1),
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"until": date(2026, 10, 18)},
        {"until": date(2026, 12, 1), "reason": "  "},
    ],
)
def test_an_expired_or_unexplained_override_does_not(cast, clinic, facts):
    clear_profile(cast, at=NOW, answers={"pacemaker": "yes"})
    plan = draft_plan(cast, fes())
    given = override(items_of(plan)[0], "implanted-electronics", **facts)
    assert refused(activating(cast, plan, given)) == {
        "items.0.gates.implanted-electronics": "contraindicated"
    }


def test_an_override_of_one_item_lets_no_other_pass(cast, clinic):
    clear_profile(cast, at=NOW, answers={"pacemaker": "yes"})
    plan = draft_plan(cast, fes(), long_pulse())
    given = override(items_of(plan)[0], "implanted-electronics", until=date(2026, 12, 1))
    assert refused(activating(cast, plan, given)) == {
        "items.1.gates.implanted-electronics": "contraindicated"
    }


def test_a_revision_after_an_override_expired_is_blocked(cast, clinic):
    clear_profile(cast, at=NOW, answers={"pacemaker": "yes"})
    item = fes()
    plan = draft_plan(cast, item)
    given = override(items_of(plan)[0], "implanted-electronics", until=date(2026, 10, 25))
    activating(cast, plan, given)()

    def revise(day):
        draft = plan_of(item, note="louder reminder")
        return lambda: revise_plan(by=cast.dana, at=local(day, 9), plan_id=plan.pk, draft=draft)

    assert revise(20)().number == 2
    assert refused(revise(26)) == {"items.0.gates.implanted-electronics": "contraindicated"}


def test_what_is_barred_for_this_patient_cannot_be_drafted(cast, clinic):
    barred = [{"exercise": "prom-shoulder-flexion", "reason": "subluxation"}]
    clear_profile(cast, at=NOW, barred=barred)
    assert refused(lambda: draft_plan(cast, shoulder())) == {"items.0.exercise": "barred"}


def test_an_exercise_outside_the_catalogue_cannot_be_drafted(cast, clinic):
    assert refused(lambda: draft_plan(cast, shoulder(exercise="pulleys"))) == {
        "items.0.exercise": "unknown_exercise"
    }


PART = UUID(int=7)


@pytest.mark.parametrize(
    ("item", "path", "code"),
    [
        (shoulder(zone="Mars/Olympus"), "items.0.zone", "unknown_zone"),
        (shoulder(zone="../../etc/passwd"), "items.0.zone", "unknown_zone"),
        (shoulder(schedule={"rule": "daily"}), "items.0.schedule.rule", "schedule"),
        (shoulder(schedule={"rule": "times_per_week", "n": 0}), "items.0.schedule.n", "schedule"),
        (
            shoulder(starts_on=date(2026, 11, 1), ends_on=date(2026, 10, 1)),
            "items.0.ends_on",
            "schedule",
        ),
        (shoulder(kind="fun"), "items.0.kind", "not_a_choice"),
        (shoulder(zone_policy="mine"), "items.0.zone_policy", "not_a_choice"),
        (
            shoulder(maximum={"sessions_per_day": 0}),
            "items.0.maximum.sessions_per_day",
            "not_a_count",
        ),
        (
            shoulder(maximum={"sessions_per_week": 2.5}),
            "items.0.maximum.sessions_per_week",
            "not_a_count",
        ),
        (shoulder(maximum={"amplitude_ma": 3}), "items.0.maximum.amplitude_ma", "unknown_field"),
        (shoulder(target={"minutes": -1}), "items.0.target.minutes", "negative"),
        (shoulder(instruction="a\x00b"), "items.0.instruction", "not_text"),
        (shoulder(reminded=(uuid4(),)), "items.0.reminded", "unknown_person"),
        (shoulder(parts=(PartDraft(side="up"),)), "items.0.parts.0.side", "not_a_choice"),
        (shoulder(parts=(PartDraft(channel=-1),)), "items.0.parts.0.channel", "out_of_range"),
        (
            shoulder(parts=(PartDraft(motion="wing.flap"),)),
            "items.0.parts.0.motion",
            "unknown_motion",
        ),
        (
            shoulder(parts=(PartDraft(exercise="fes-quadriceps"),)),
            "items.0.parts.0.exercise",
            "other_modality",
        ),
        (
            shoulder(parts=(PartDraft(part=PART), PartDraft(part=PART))),
            "items.0.parts.1.part",
            "used_twice",
        ),
        (
            shoulder(parts=(PartDraft(dose={"repetitions": 10}, maximum={"repetitions": 5}),)),
            "items.0.parts.0.maximum.repetitions",
            "below_dose",
        ),
        (
            shoulder(parts=(PartDraft(dose={"repetitions": 10**400}),)),
            "items.0.parts.0.dose.repetitions",
            "not_a_number",
        ),
        (
            shoulder(parts=(PartDraft(dose={"repetitions": "NaN"}),)),
            "items.0.parts.0.dose.repetitions",
            "not_a_number",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_path(cast, clinic, item, path, code):
    assert refused(lambda: draft_plan(cast, item)).get(path) == code


def test_two_items_of_one_series_are_refused(cast, clinic):
    item = shoulder()
    assert refused(lambda: draft_plan(cast, item, item)) == {"items.1.series": "used_twice"}


def test_a_series_of_another_plan_is_refused(cast, clinic):
    item = shoulder()
    first = draft_plan(cast, item)
    assert refused(lambda: draft_plan(cast, item)) == {"items.0.series": "used_twice"}
    revised = revise_plan(by=cast.dana, at=NOW, plan_id=first.pk, draft=plan_of(item))
    assert revised.number == 1


def test_a_plan_needs_a_title_and_an_item(cast, clinic):
    assert refused(lambda: draft_plan(cast, title=" ")) == {"title": "blank", "items": "blank"}


def test_width_times_frequency_of_a_dose_must_be_below_one(cast, clinic):
    part = long_pulse().parts[0]
    fast = replace(part, dose={**part.dose, "frequency_hz": 50})
    assert refused(lambda: draft_plan(cast, long_pulse(parts=(fast,)))) == {
        "items.0.parts.0.dose.frequency_hz": "width_times_frequency"
    }


def test_a_waveform_is_chosen_from_the_list(cast, clinic):
    part = fes().parts[0]
    choices = [each.code for each in reference.choice_fields()["waveform"].choices]
    chosen = replace(part, dose={**part.dose, "waveform": choices[0]})
    assert draft_plan(cast, fes(parts=(chosen,))).status == "draft"
    wild = replace(part, dose={**part.dose, "waveform": "tsunami"})
    assert refused(lambda: draft_plan(cast, fes(parts=(wild,)))) == {
        "items.0.parts.0.dose.waveform": "not_a_choice"
    }


def test_a_shoulder_above_ninety_waits_until_it_was_shown(cast, clinic):
    part = shoulder().parts[0]
    high = shoulder(parts=(replace(part, maximum={"end_angle_degrees": 120}),))
    plan = draft_plan(cast, high)
    assert refused(activating(cast, plan)) == {"items.0.parts.0.motion": "teaching_required"}
    shown = {"motion": "shoulder.flexion", "to": "Bob", "by": "Dana", "on": "2026-10-18"}
    clear_profile(cast, at=NOW, taught=[shown])
    assert activating(cast, plan)().status == "active"


def test_training_that_would_have_ended_already_cannot_start(cast, clinic):
    plan = draft_plan(cast, shoulder(), training_expires_on=date(2026, 10, 17))
    assert refused(activating(cast, plan)) == {"training_expires_on": "in_the_past"}


def test_a_plan_waits_for_a_reachable_duty_contact(cast, clinic):
    with cast.inside():
        DutyShift.objects.all().delete()
    plan = draft_plan(cast, shoulder())
    with pytest.raises(Conflict) as caught:
        activating(cast, plan)()
    assert caught.value.code == "no_duty_contact"


def test_a_clinic_that_chose_to_be_unattended_may_assign(cast, clinic):
    with cast.inside():
        DutyShift.objects.all().delete()
        Clinic.objects.filter(pk=clinic.pk).update(unattended=True)
    assert activating(cast, draft_plan(cast, shoulder()))().status == "active"


def test_only_one_plan_runs_at_a_time(cast, clinic):
    first = draft_plan(cast, shoulder())
    activating(cast, first)()
    second = draft_plan(cast, turning())
    with pytest.raises(Conflict) as caught:
        activating(cast, second)()
    assert caught.value.code == "another_plan_runs"
    complete_plan(by=cast.dana, at=NOW, plan_id=first.pk, reason="better")
    assert activating(cast, second)().status == "active"


def test_a_plan_is_activated_once(cast, clinic):
    plan = draft_plan(cast, shoulder())
    activating(cast, plan)()
    with pytest.raises(Conflict):
        activating(cast, plan)()


@pytest.mark.parametrize("who", ["alice", "bob", "erin"])
def test_only_a_clinician_of_the_patient_prescribes(cast, clinic, who):
    plan = draft_plan(cast, shoulder())
    person = getattr(cast, who)
    for call in (
        lambda: create_plan(
            by=person, at=NOW, patient_id=cast.patient.pk, draft=plan_of(turning())
        ),
        lambda: activate_plan(by=person, at=NOW, plan_id=plan.pk),
        lambda: revise_plan(by=person, at=NOW, plan_id=plan.pk, draft=plan_of(turning())),
        lambda: complete_plan(by=person, at=NOW, plan_id=plan.pk, reason="no"),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert reread(cast, plan).status == "draft"


@pytest.mark.parametrize("who", ["charlie", "olga"])
def test_strangers_find_no_plan(cast, clinic, who):
    plan = draft_plan(cast, shoulder())
    person = getattr(cast, who)
    for call in (
        lambda: create_plan(
            by=person, at=NOW, patient_id=cast.patient.pk, draft=plan_of(turning())
        ),
        lambda: activate_plan(by=person, at=NOW, plan_id=plan.pk),
        lambda: complete_plan(by=person, at=NOW, plan_id=plan.pk, reason="no"),
    ):
        with pytest.raises(NotVisible):
            call()


def test_a_draft_is_replaced_as_a_whole(cast, clinic):
    plan = draft_plan(cast, shoulder(), fes())
    draft = plan_of(turning(), title="Nights")
    revise_plan(by=cast.dana, at=NOW, plan_id=plan.pk, draft=draft)
    assert [item.modality for item in items_of(plan)] == ["turning"]
    assert reread(cast, plan).title == "Nights"


def test_a_draft_that_is_given_up_is_revoked(cast, clinic):
    plan = draft_plan(cast, shoulder())
    assert complete_plan(by=cast.dana, at=NOW, plan_id=plan.pk, reason="typo").status == "revoked"


def filled(draft: PlanDraft) -> PlanDraft:
    """What a clinician adds to a protocol: doses, sides and times."""
    return replace(draft, items=tuple(_filled_item(item) for item in draft.items))


def _filled_item(item: ItemDraft) -> ItemDraft:
    code = Exercise.objects.get(slug=item.exercise).modality_id
    modality = reference.modalities()[code]
    target = {
        field: _usual(field, code)
        for field in modality.prescription_required & modality.session_fields
    }
    needed = modality.prescription_required - modality.session_fields
    parts = tuple(
        replace(
            part,
            side=part.side or "left",
            dose={field: _usual(field, code) for field in needed},
            maximum={"end_angle_degrees": 30}
            if code == "passive_range_of_motion"
            else part.maximum,
        )
        for part in item.parts
    )
    return replace(
        item,
        target=target,
        parts=parts,
        schedule=item.schedule or {"rule": "times_per_week", "n": 3},
    )


def _usual(field: str, modality: str) -> float:
    wanted = {"frequency_hz": 1 if modality == "long_pulse" else 40, "pulse_width_ms": 100}
    found = reference.limits(field, modality=modality)
    return wanted.get(field, min(found.hard_max, max(found.hard_min, 10)))


def test_every_protocol_loads_and_filled_by_a_clinician_activates(cast, clinic):
    innervation = dict.fromkeys(reference.muscles(), "intact")
    denervated = {"wrist_extensors": "denervated", "finger_extensors": "denervated"}
    neck = [
        {"motion": f"neck.{motion}", "to": "Bob", "by": "Dana", "on": "2026-10-18"}
        for motion in ("rotation", "lateral_flexion")
    ]
    with cast.inside():
        protocols = {
            protocol.slug: [item.code for item in protocol.current_items]
            for protocol in Protocol.objects.current().with_items()
        }
    assert len(protocols) >= 11
    for slug, every_item in protocols.items():
        long_pulses = "radial" in slug
        muscles = {**innervation, **(denervated if long_pulses else {})}
        clear_profile(cast, at=NOW, innervation=muscles, taught=neck)
        draft = draft_from_protocol(protocol_slug=slug, language="en", chosen=every_item)
        plan = create_plan(by=cast.dana, at=NOW, patient_id=cast.patient.pk, draft=draft)
        assert plan.protocol_slug == slug
        revise_plan(by=cast.dana, at=NOW, plan_id=plan.pk, draft=filled(draft))
        assert activating(cast, plan)().status == "active", slug
        complete_plan(by=cast.dana, at=NOW, plan_id=plan.pk, reason="next")


def test_a_protocol_nobody_knows_is_refused(cast, clinic):
    with pytest.raises(Invalid):
        draft_from_protocol(protocol_slug="miracle")
