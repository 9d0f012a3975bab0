"""Judging red flags, raising them, pausing what they pause, and acknowledging them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab import rules as rulebook
from rehab.actions.answers import RaisedFlag
from rehab.actions.audit import AuditTrail
from rehab.actions.escalation import escalate_now, plan_escalation
from rehab.actions.facts import Scene, off_plan_facts, scenes
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pausing import NewPause, pause, reach_of
from rehab.actions.programme import Programme
from rehab.domain.safety import Fired, Rule, evaluate, phrase
from rehab.domain.safety import Pause as PauseReach
from rehab.domain.session_entry import OffPlanEntry, SessionEntry
from rehab.models import EscalationStep, SafetyFlag
from rehab.models.briefing import KnownItem, KnownPause, KnownProfile
from rehab.models.timetable import Day

LANGUAGES = ("zh-Hans", "en")


@dataclass(frozen=True, slots=True)
class _Raised:
    flag: SafetyFlag
    reach: PauseReach


@dataclass(slots=True)
class FlagDesk:
    """Collects what fires while a batch is judged, and writes it at the end.

    The id of a flag is a function of entry, rule and part: judging an entry again raises nothing new.
    """

    patient: PatientRow
    at: datetime
    pausing: bool = True
    raised: dict[UUID, _Raised] = field(default_factory=dict)

    def judge(
        self,
        log_id: UUID,
        entry: SessionEntry,
        item: KnownItem | None,
        programme: Programme,
        *,
        counted: bool,
    ) -> tuple[RaisedFlag, ...]:
        """Judge every rule on an entry, before anybody asks whether its values are possible."""
        shown = []
        seen_scenes = scenes(
            entry, item, programme, log_id=log_id, received_at=self.at, counted=counted
        )
        for scene, fired in _firing(list(seen_scenes)):
            flag = self._flag(
                fired, entry.performed_at, log_id=log_id, item=item, scene=scene, entry=entry
            )
            shown.append(self._raise(flag, fired, programme))
        return tuple(shown)

    def judge_event(
        self, event_id: UUID, entry: OffPlanEntry, profile: KnownProfile | None, *, barred: bool
    ) -> tuple[RaisedFlag, ...]:
        """Judge what happened outside the plan."""
        shown = []
        for fired in evaluate(
            rulebook.rules().values(), off_plan_facts(entry, profile, barred=barred)
        ):
            flag = self._new(fired, entry.performed_at, event_id)
            flag.event_id = event_id
            shown.append(self._raise(flag, fired, None))
        return tuple(shown)

    def settle(self) -> set[Day]:
        """Write flags, pauses, escalation steps and the first messages; return the days that changed."""
        if not self.raised:
            return set()
        flags = [raised.flag for raised in self.raised.values()]
        new = _insert(flags)
        days: set[Day] = set()
        for raised in self.raised.values():
            if raised.flag.pk in new and self.pausing:
                days |= pause(self.patient, _pause_of(raised), at=self.at)
        fresh = [flag for flag in flags if flag.pk in new]
        plan_escalation(self.patient, fresh, at=self.at)
        escalate_now(self.patient, fresh, at=self.at)
        return days

    def _flag(
        self,
        fired: Fired,
        occurred_at: datetime,
        *,
        log_id: UUID,
        item: KnownItem | None,
        scene: Scene,
        entry: SessionEntry,
    ) -> SafetyFlag:
        flag = self._new(fired, occurred_at, log_id, part=scene.part.part if scene.part else None)
        flag.log_id = log_id
        flag.series = item.series if item else None
        flag.device_agreed = (
            (fired.rule in entry.stopped_by_rule) if entry.stopped_by_rule else None
        )
        return flag

    def _new(
        self, fired: Fired, occurred_at: datetime, about: UUID, *, part: UUID | None = None
    ) -> SafetyFlag:
        return SafetyFlag(
            id=uuid5(self.patient.id, f"{about}/{fired.rule}/{part or ''}"),
            patient_id=self.patient.id,
            clinic_id=self.patient.clinic_id,
            rule=fired.rule,
            rule_version=fired.version,
            level=fired.level.value,
            occurred_at=occurred_at,
            raised_at=self.at,
            part=part,
            because=[{"field": name, "value": value} for name, value in fired.because],
            sync_sequence=self.patient.sequence,
        )

    def _raise(self, flag: SafetyFlag, fired: Fired, programme: Programme | None) -> RaisedFlag:
        self.raised.setdefault(flag.pk, _Raised(flag, fired.pause))
        if programme is not None and self.pausing:
            programme.pauses += _known_pauses(flag, fired.pause)
        return shown_flag(flag, rulebook.rules()[fired.rule], self.patient, at=self.at)


def shown_flag(flag: SafetyFlag, rule: Rule, patient: PatientRow, *, at: datetime) -> RaisedFlag:
    """Return a flag with the words for whoever holds the phone, in both languages."""
    values = {
        "emergency_number": patient.emergency_number,
        "clinic_name": patient.clinic_name,
        "clinic_phone": patient.clinic_phone,
        "age_hours": round((at - flag.occurred_at).total_seconds() / 3600),
    }
    return RaisedFlag(
        flag.pk,
        flag.rule,
        flag.rule_version,
        flag.level,
        {
            language: f"{phrase(rule.text, language, values)} {phrase(rule.call, language, values)}"
            for language in LANGUAGES
        },
        {language: phrase(rule.instead, language, values) for language in LANGUAGES},
        flag.series,
        flag.part,
    )


def acknowledge_flag(*, by: User, at: datetime, flag_id: UUID, note: str) -> SafetyFlag:
    """Record that a clinician has seen a flag; its later escalation steps are cancelled."""
    with within_clinics(by.clinic_ids):
        seen = (
            SafetyFlag.objects.visible_to(by, scope="receive_alerts", at=at)
            .filter(pk=flag_id)
            .first()
        )
        if seen is None:
            raise NotVisible
        authority = authority_of(by, at=at, patient_id=seen.patient_id)
        require(decide(authority, seen.patient_id, "acknowledge", at))
        if not note.strip():
            raise Invalid(
                _("Say in a few words what you did or decided."), field="note", code="blank"
            )
        patient = lock_patient(seen.patient_id)
        flag = SafetyFlag.objects.select_for_update().get(pk=flag_id)
        if flag.acknowledged_at is None:
            _acknowledge(flag, by=by, at=at, note=note.strip(), sequence=patient.sequence)
            trail = AuditTrail(by=by, patient=patient, at=at)
            trail.add("flag.acknowledge", "flag", flag.pk, {"rule": flag.rule, "level": flag.level})
            trail.settle()
        return flag


def _acknowledge(flag: SafetyFlag, *, by: User, at: datetime, note: str, sequence: int) -> None:
    flag.acknowledged_at, flag.acknowledged_by, flag.acknowledgement = at, by, note
    flag.sync_sequence = sequence
    flag.save(
        update_fields=["acknowledged_at", "acknowledged_by", "acknowledgement", "sync_sequence"]
    )
    EscalationStep.objects.filter(flag=flag, finished_at__isnull=True).update(
        next_at=None, finished_at=at, outcome="acknowledged"
    )


def _firing(seen: Sequence[Scene]) -> Iterator[tuple[Scene, Fired]]:
    """Yield what fires: on a part what is about a part, on the session the rest and what no part showed."""
    by_part = set()
    for scene in seen:
        for fired in evaluate(rulebook.rules().values(), scene.facts):
            if scene.part is not None and fired.scope == "part":
                by_part.add(fired.rule)
                yield scene, fired
            elif scene.part is None and fired.rule not in by_part:
                yield scene, fired


def _insert(flags: Sequence[SafetyFlag]) -> set[UUID]:
    """Insert flags that are not there yet; return which were new."""
    ids = [flag.pk for flag in flags]
    known = set(SafetyFlag.objects.filter(pk__in=ids).values_list("pk", flat=True))
    SafetyFlag.objects.bulk_create([flag for flag in flags if flag.pk not in known])
    return set(ids) - known


def _pause_of(raised: _Raised) -> Sequence[NewPause]:
    flag = raised.flag
    return [
        NewPause(series, part, flag.occurred_at, flag.pk, flag.rule)
        for series, part in reach_of(
            flag.patient_id, raised.reach, series=flag.series, part=flag.part, at=flag.raised_at
        )
    ]


def _known_pauses(flag: SafetyFlag, reach: PauseReach) -> list[KnownPause]:
    """Return what later entries of the same batch must know of a pause (the item's own)."""
    if flag.series is None or reach == PauseReach.NONE:
        return []
    part = flag.part if reach in (PauseReach.PART, PauseReach.LIMB) else None
    return [KnownPause(series=flag.series, part=part, starts_at=flag.occurred_at, ended_at=None)]
