"""One fortnight lived through, and every figure of it counted by hand.

Monday 19 October to Sunday 1 November 2026. Passive movement of the left arm at 09:00 and 16:00
(from Thursday 29, 12:00, at 09:00 alone), stimulation of the left quadriceps on Monday, Wednesday
and Friday at 18:00, long pulses for the denervated wrist extensors every day at 11:00.
"""

import csv
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command

from patients.domain.roles import Scope
from patients.models import AuditEvent
from rehab.actions.assessments import record_assessment
from rehab.actions.corrections import amend_session
from rehab.actions.diet import log_diet
from rehab.actions.nutrition import set_nutrition_plan
from rehab.actions.plans import revise_plan
from rehab.actions.profile import record_profile
from rehab.actions.schedule import materialise
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.diet import DietEntry
from rehab.domain.instruments import ResultEntry
from rehab.domain.nutrition import NutritionEntry
from rehab.domain.plan_draft import PlanDraft
from tests.integration.api.scenes import get, local, of_alice
from tests.integration.rehab.scenes import long_pulse, told
from tests.people import make_helper, make_user
from tests.plans import as_planned, assign, fes, in_detail, shoulder, weekly

NOW = local(2, 12, month=11)
DAYS = {"from": "2026-10-19", "to": "2026-11-01"}
GAUGE = {"angle_instrument": "goniometer"}
WEEKS = ["2026-10-19", "2026-10-26"]


class Fortnight:
    def __init__(self, cast):
        self.cast = cast
        self.arm, self.thigh, self.wrist = shoulder(), fes(), long_pulse()
        self.plan = assign(cast, self.arm, self.thigh, self.wrist, at=local(18, 20))
        changes = {"baselines": {"systolic_mmhg": 105}}
        record_profile(by=cast.dana, at=local(18, 21), patient_id=cast.patient.pk, changes=changes)
        self.train()
        self.measure()
        self.eat()
        self.revise()
        self.train_on()

    def train(self):
        first, elbow = (part.part for part in self.arm.parts)
        self.first_log = self.log(
            self.arm, local(19, 9), effort=3,
            parts={
                first: {"end_angle_degrees": 80, **GAUGE, "pain": 2, "repetitions": 10, "sets": 2,
                        "spasm": "brief"},
                elbow: {"repetitions": 10},
            },
        )  # fmt: skip
        self.log_as_planned(self.arm, local(19, 16), source="recalled")
        self.log(
            self.arm, local(20, 9), effort=5,
            parts={
                first: {"end_angle_degrees": 78, **GAUGE, "pain": 3, "repetitions": 5},
                elbow: {"repetitions": 10},
            },
        )  # fmt: skip
        self.log(
            self.arm, local(21, 9), source="recalled",
            parts={
                first: {"end_angle_degrees": 75, "angle_instrument": "estimate", "spasm": "none",
                        "landmark": "chin", "outcome": "partial"},
                elbow: {},
            },
        )  # fmt: skip
        thigh = self.thigh.parts[0].part
        pulses = {"pulse_width_us": 300, "frequency_hz": 40}
        fine = {"skin_before": "looked_fine", "skin_after": "looked_fine"}
        self.log(
            self.thigh,
            local(19, 18),
            parts={thigh: {**pulses, "amplitude_ma": 60, "minutes": 30}},
            measures={"systolic_before_mmhg": 103, "systolic_after_mmhg": 115},
            **fine,
        )
        self.log(
            self.thigh,
            local(21, 18),
            parts={thigh: {**pulses, "amplitude_ma": 66, "minutes": 15}},
            measures={"systolic_after_mmhg": 111},
            **fine,
        )
        self.log_as_planned(self.thigh, local(23, 18), **fine)
        wrist = self.wrist.parts[0].part
        pulses = {"pulse_width_ms": 100, "frequency_hz": 0.5}
        self.log(
            self.wrist, local(19, 11), parts={wrist: {**pulses, "amplitude_ma": 12, "minutes": 10}}
        )
        self.log(
            self.wrist, local(20, 11), parts={wrist: {**pulses, "amplitude_ma": 14, "minutes": 8}}
        )

    def train_on(self):
        wrist = self.wrist.parts[0].part
        self.log(self.wrist, local(1, 11, month=11), skin_after="red",
                 parts={wrist: {"amplitude_ma": 12, "minutes": 10}})  # fmt: skip
        with self.cast.inside():
            materialise(at=NOW)

    def revise(self):
        first, elbow = (part.part for part in self.arm.parts)
        self.log(
            self.arm, local(26, 9), effort=0,
            parts={first: {"end_angle_degrees": 84, **GAUGE, "pain": "cannot_feel"}, elbow: {}},
        )  # fmt: skip
        self.log(self.thigh, local(26, 18),
                 parts={self.thigh.parts[0].part: {"amplitude_ma": 60, "minutes": 30}})  # fmt: skip
        items = (shoulder(series=self.arm.series, parts=self.arm.parts, schedule=weekly("09:00")),
                 self.thigh, self.wrist)  # fmt: skip
        draft = PlanDraft(title="Plan", items=items, note="=less, the shoulder was sore")
        revise_plan(by=self.cast.dana, at=local(29, 12), plan_id=self.plan.pk, draft=draft)

    def log(self, item, at, *, parts, **facts):
        return self.tell(in_detail(item.series, at, parts, **facts))

    def log_as_planned(self, item, at, **facts):
        return self.tell(as_planned(item.series, at, **facts))

    def tell(self, entry):
        answer = told(self.cast, entry, interactive=False)
        assert answer.status == 201, answer
        return answer.log.id, entry

    def measure(self):
        for day, month, instrument, score, value, facts in (
            (12, 10, "grip", "grip_kg", 14.0, {"side": "left", "device": "Jamar"}),
            (28, 10, "grip", "grip_kg", 14.1, {"side": "left", "device": "Jamar"}),
            (19, 10, "mrc", "strength", "2", {"side": "left", "muscle": "quadriceps"}),
            (20, 10, "mrc", "strength", "3", {"side": "left", "muscle": "quadriceps"}),
            (30, 10, "mrc", "strength", "4", {"side": "left", "muscle": "quadriceps"}),
        ):
            at = local(day, 8, month=month)
            result = ResultEntry(score=score, value=value, facts=facts)
            entry = AssessmentEntry(
                instrument=instrument, performed_at=at, zone="Asia/Shanghai", results=(result,)
            )
            known = uuid4()
            record_assessment(by=self.cast.dana, at=at, patient_id=self.cast.patient.pk,
                              assessment_id=known, entry=entry)  # fmt: skip

    def eat(self):
        entry = NutritionEntry(set_by="Ana Ruiz", set_on=date(2026, 10, 12), weight_kg=52.0,
                               weighed_on=date(2026, 10, 10), protein_g=42)  # fmt: skip
        set_nutrition_plan(by=self.cast.dana, at=local(12, 9), patient_id=self.cast.patient.pk,
                           entry=entry)  # fmt: skip
        for day, facts in (
            (12, {"weight_kg": 52.0}),
            (19, {"text": "Fish", "protein_g": 20}),
            (19, {"text": "Tofu", "protein_g": 15}),
            (20, {"text": "Eggs", "protein_g": 28}),
            (20, {"text": "Rice"}),
            (20, {"weight_kg": 52.2}),
            (26, {"weight_kg": 51.6}),
        ):
            at = local(day, 12)
            entry = DietEntry(performed_at=at, zone="Asia/Shanghai", **facts)
            log_diet(by=self.cast.bob, at=at, patient_id=self.cast.patient.pk, log_id=uuid4(),
                     entry=entry)  # fmt: skip

    def seen_by(self, user, address="progress", **query):
        return get(user, of_alice(self.cast, address), NOW, **{**DAYS, **query})


@pytest.fixture
def fortnight(cast):
    return Fortnight(cast)


def item_of(found, draft):
    return next(each for each in found["items"] if each["series"] == str(draft.series))


def series_of(item, code, how=""):
    return [
        each for each in item["measures"] if each["code"] == code and each.get("how", "") == how
    ]


def of(week, *names):
    return tuple(week[name] for name in names)


def first_of(series, *names):
    return tuple(series["points"][name][0] for name in names)


def check_adherence_and_feeling(arm):
    # Adherence: 14 due in the first week; 09:00 and (recalled) 16:00 done, two partial, one of
    # them recalled. From Thursday 29 the second version: 7 were due before it, 3 after.
    weeks = arm["weeks"]
    assert [(week["week"], week["version"], week["due"]) for week in weeks] == [
        (WEEKS[0], 1, 14), (WEEKS[1], 1, 7), (WEEKS[1], 2, 3)
    ]  # fmt: skip
    assert of(weeks[0], "done", "partial", "missed", "recalled", "recalled_partial") == (
        2, 2, 10, 1, 1
    )  # fmt: skip
    assert weeks[0]["adherence"] == 2 / 14
    assert weeks[0]["adherence_without_recalled"] == 1 / 14
    assert weeks[0]["adherence_with_partial"] == 4 / 14
    assert weeks[0]["skipped"] == 0
    # The same as `adherence`: left out, as are other counts of 0 and what nobody told.
    assert not weeks[0].keys() & {
        "adherence_with_partial_without_recalled", "waiting", "minutes", "pain_unfelt"
    }  # fmt: skip
    assert weeks[2]["adherence"] == 0
    assert of(arm["total"], "waiting", "pain_unfelt", "minutes") == (0, 1, None)
    assert arm["days_since_last"] == 7

    # Pain 2 and 3, effort 3 and 5; in the second week "cannot feel", and effort 0 is an answer.
    assert of(weeks[0], "pain_max", "pain_mean", "effort_max", "effort_mean") == (3, 2.5, 5, 4.0)
    assert of(weeks[1], "pain_unfelt", "effort_max", "effort_mean") == (1, 0, 0.0)
    assert weeks[1]["pain_max"] is None

    # Two sets of the shoulder alone say something else than its repetitions.
    (times_sets,) = series_of(arm, "repetitions_done")
    assert times_sets["motion"] == "shoulder.flexion" and times_sets["points"]["total"][0] == 25
    assert len(series_of(arm, "repetitions")) == 2

    # Repetitions 10 × 2, 10, 5, 10, of 10 asked each time they were told; nobody told minutes.
    assert of(weeks[0], "repetitions", "repetitions_share") == (45, 45 / 40)
    assert not weeks[0].keys() & {"minutes", "sessions_with_minutes", "minutes_share"}


def check_range(arm):
    # Range: what was measured and what was estimated stay apart; 84 less 80 is no clear change.
    (measured,) = series_of(arm, "end_angle_degrees", "measured")
    (estimated,) = series_of(arm, "end_angle_degrees", "estimated")
    assert of(measured, "joint", "motion", "side") == ("shoulder", "shoulder.flexion", "left")
    assert first_of(measured, "on", "lowest", "highest", "last", "count") == (
        WEEKS[0], 78, 80, 78, 2
    )  # fmt: skip
    assert first_of(measured, "prescribed", "maximum") == (90, 90)
    assert of(measured["change"], "difference", "verdict") == (4, "no_clear_change")
    assert estimated["points"]["last"] == [75] and "change" not in estimated
    words = {each["code"]: each["points"] for each in arm["words"]}
    assert list(words["spasm"][0]["counts"].items()) == [("none", 1), ("brief", 1)]
    assert words["landmark"][0]["counts"] == {"chin": 1}


def check_stimulation(thigh, wrist):
    # Stimulation: 45 of the 60 minutes asked of the two sessions whose minutes were told, of 90
    # planned; amplitude 60 and 66; pressure 10 and 6 above the person's own 105.
    weeks = thigh["weeks"]
    assert of(weeks[0], "done", "partial", "minutes", "sessions_with_minutes") == (2, 1, 45, 2)
    assert of(weeks[0], "minutes_prescribed", "minutes_share") == (90, 0.75)
    assert of(thigh["total"], "minutes", "minutes_share", "due", "missed") == (75, 0.8333, 6, 2)
    (amplitude,) = series_of(thigh, "amplitude_ma")
    assert first_of(amplitude, "lowest", "highest", "mean", "prescribed", "maximum") == (
        60, 66, 63, 60, 80
    )  # fmt: skip
    (after,) = series_of(thigh, "systolic_after_mmhg")
    assert after["baseline"] == 105
    assert first_of(after, "last_from_baseline", "highest_from_baseline") == (6, 10)

    # The two kinds of stimulation never share a series, nor does a series hide its kind.
    assert {each["physics"] for each in thigh["measures"]} == {"intact"}
    assert {each["physics"] for each in wrist["measures"]} == {"denervated"}
    assert not series_of(thigh, "pulse_width_ms") and not series_of(wrist, "pulse_width_us")
    assert of(wrist["weeks"][0], "minutes", "minutes_share") == (18, 0.9)
    assert of(wrist["total"], "skin_looked", "skin_found") == (1, 1)
    assert of(thigh["total"], "skin_looked", "skin_found") == (3, 0)


def check_body(found):
    # Grades have a median and no mean; a grip of 0.1 kg more is not a gain.
    scores = {each["instrument"]: each for each in found["assessments"]}
    assert scores["mrc"]["median"] == "3" and scores["mrc"]["last"]["value"] == "4"
    assert scores["grip"]["before"]["value"] == 14.0
    assert of(scores["grip"]["change"], "difference", "verdict") == (0.1, "no_clear_change")

    # Protein (20 + 15 + 28) / 2 of the dietitian's 42 g; 0.4 kg lighter than before these days.
    diet = found["diet"]
    assert of(diet["protein"][0], "days", "days_incomplete", "mean_g", "target_g", "share") == (
        2, 1, 31.5, 42, 0.75
    )  # fmt: skip
    assert of(diet["weight"], "before_kg", "change_kg", "change_percent") == (52.0, -0.4, -0.77)

    marks = {mark["kind"]: mark for mark in found["marks"] if mark["version"] == 2}
    assert marks["version"]["words"] == "=less, the shoulder was sore"
    assert found["not_shown"] == []


def test_every_figure_of_the_fortnight(fortnight):
    found = fortnight.seen_by(fortnight.cast.dana).json()
    arm, thigh, wrist = (
        item_of(found, each) for each in (fortnight.arm, fortnight.thigh, fortnight.wrist)
    )
    check_adherence_and_feeling(arm)
    check_range(arm)
    check_stimulation(thigh, wrist)
    check_body(found)

    by_day = item_of(fortnight.seen_by(fortnight.cast.dana, by="day").json(), fortnight.thigh)
    (after,) = series_of(by_day, "systolic_after_mmhg")
    assert of(after["points"], "on", "last") == (["2026-10-19", "2026-10-21"], [115, 111])
    assert fortnight.seen_by(fortnight.cast.dana, by="hour").status_code == 422


def test_each_scope_shows_what_is_its_own_and_the_table_says_the_same(fortnight):
    cast, son, aide = fortnight.cast, make_user("son"), make_user("aide")
    make_helper(cast.patient, son, scopes=(Scope.SEE_SESSIONS, Scope.RECEIVE_ALERTS))
    make_helper(cast.patient, aide, scopes=(Scope.LOG_SESSIONS,))
    for user in (son, aide):
        user.refresh_from_db()

    seen = fortnight.seen_by(son).json()
    assert (seen["assessments"], seen["diet"]) == (None, None)
    assert seen["not_shown"] == ["see_conditions", "see_diet"]
    (after,) = series_of(item_of(seen, fortnight.thigh), "systolic_after_mmhg")
    assert "baseline" not in after and "last_from_baseline" not in after["points"]
    for address in ("progress", "progress.csv"):
        assert fortnight.seen_by(cast.alice, address).status_code == 200
        assert fortnight.seen_by(aide, address).status_code == 403
        assert fortnight.seen_by(cast.charlie, address).status_code == 404

    table = fortnight.seen_by(cast.dana, "progress.csv").content.decode("utf-8-sig")
    about, head, *rows = list(csv.reader(StringIO(table)))
    assert about[1].endswith("/help/figures/")
    named = [dict(zip(head, row, strict=True)) for row in rows]
    assert {row["value"] for row in named if row["figure"] == "protein_mean"} == {"31.5"}
    assert {row["unit"] for row in named if row["figure"] == "end_angle_degrees.last"} == {"°"}
    assert "'=less, the shoulder was sore" in {row["value"] for row in named}
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    for_son = fortnight.seen_by(son, "progress.csv").content.decode("utf-8-sig")
    assert "protein" not in for_son and "grip" not in for_son and "end_angle_degrees" in for_son
    with cast.inside():
        kinds = set(AuditEvent.objects.filter(actor_id=son.pk).values_list("kind", flat=True))
    assert {"read.progress", "read.progress_table"} <= kinds


def test_amending_back_and_forth_changes_no_figure(fortnight):
    cast = fortnight.cast
    before = fortnight.seen_by(cast.dana).json()
    log_id, entry = fortnight.first_log
    parts = [part.part for part in fortnight.arm.parts]
    other = in_detail(entry.series, entry.performed_at, {
        parts[0]: {"end_angle_degrees": 60, "pain": 4}, parts[1]: {"outcome": "not_done"},
    })  # fmt: skip
    amended = []
    for place, each in enumerate((other, entry)):
        amend_session(by=cast.bob, at=local(19, 10 + place), patient_id=cast.patient.pk,
                      log_id=log_id, entry=each, reason="Typo")  # fmt: skip
        amended.append(fortnight.seen_by(cast.dana).json())
    assert amended[0]["items"] != before["items"]
    assert amended[1]["items"] == before["items"]
    call_command("verify_days", verbosity=0)
