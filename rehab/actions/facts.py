"""What the safety rules may look at: one entry, its item, and the programme around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exercises import reference
from rehab.actions.bodies import values_of
from rehab.actions.programme import Programme
from rehab.domain.conditions import Facts, Value
from rehab.domain.facts import PartSite, Profile, profile_facts, sensation_at
from rehab.domain.identity import fingerprint
from rehab.domain.measures import is_number
from rehab.domain.recurrence import local_date
from rehab.domain.session_entry import OffPlanEntry, PartEntry, SessionEntry, StopEntry
from rehab.models import Mark
from rehab.models.briefing import KnownItem, KnownPart, KnownProfile


@dataclass(frozen=True, slots=True)
class Seen:
    """What one entry showed: of the session and the patient, and of each part by itself."""

    shared: Facts
    parts: Mapping[UUID, Facts]


def profile_from(known: KnownProfile | None) -> Profile:
    """Return the profile as the rules read it; without one everything is unknown."""
    if known is None:
        return Profile()
    return Profile(
        spinal_cord_injury=known.spinal_cord_injury,
        injury_level=known.injury_level,
        answers=known.answers,
        conditions={
            str(each["code"]): frozenset(each.get("limbs") or ()) for each in known.conditions
        },
        innervation=known.innervation,
        insensate=frozenset(known.insensate),
        baselines={code: value for code, value in known.baselines.items() if value is not None},
    )


def seen_in(
    entry: SessionEntry,
    item: KnownItem | None,
    programme: Programme,
    *,
    log_id: UUID,
    received_at: datetime,
    counted: bool,
) -> Seen:
    """Return what an entry showed.

    Only what a person entered is here: a value that was not recorded is left out. counted: the
    entry will be stored, so that it adds to the sessions of its day and week.
    """
    profile = programme.profile or profile_from(programme.briefing.profile)
    programme.profile = profile
    paused = item is not None and counted and programme.was_while_paused(entry, item)
    sessions = _sessions(item, programme, entry, log_id) if item and counted else {}
    trends = _session_trends(item, programme, entry, log_id) if item else {}
    shared = {
        **_standing(None, programme, lambda: profile_facts(profile)),
        **(_standing(item.id, programme, lambda: _item_facts(item)) if item else {}),
        **_session_facts(entry, received_at=received_at, paused=paused),
        **(_pain_trend(item.series, entry.pain, programme, profile, entry) if item else {}),
        **sessions,
        **trends,
    }
    if item is None:
        return Seen(shared, {})
    known = {part.part: part for part in item.parts}
    return Seen(
        shared,
        {
            given.part: _part_facts(given, known[given.part], item, profile, programme, entry)
            for given in entry.parts
            if given.part in known
        },
    )


def off_plan_facts(entry: OffPlanEntry, profile: Profile, *, off_plan: str) -> Facts:
    """Return what the rules may look at in something that happened outside the plan."""
    return {
        **profile_facts(profile),
        **{code: _value(value) for code, value in entry.measures.items()},
        **{f"symptom.{code}": "yes" for code in entry.symptoms},
        "pain": _value(entry.pain),
        "off_plan": off_plan,
    }


def stop_facts(entry: StopEntry, profile: Profile, *, kind: str, modality: str) -> Facts:
    """Return what the rules may look at when an item was stopped and nothing else was said."""
    return {
        **profile_facts(profile),
        "stop_reason": entry.stop_reason or entry.reason or None,
        "kind": kind,
        "modality": modality,
        "physics": reference.modalities()[modality].physics,
    }


def site_of(item: KnownItem, part: KnownPart) -> PartSite:
    """Return where on the body one part works, and with what."""
    modality = reference.modalities()[item.modality]
    return PartSite(
        modality=item.modality,
        physics=modality.physics,
        region=region_of(part.motion, part.muscle),
        side=part.side,
        muscle=part.muscle,
        motion=part.motion,
        maximum_degrees=_number(part.maximum.get("end_angle_degrees")),
    )


def region_of(motion: str, muscle: str) -> str:
    """Return the region of a motion or a muscle; "whole" for neither."""
    if motion in reference.motions():
        return reference.motions()[motion].region
    if muscle in reference.muscles():
        return reference.muscles()[muscle].region
    return "whole"


def _standing(
    about: UUID | None, programme: Programme, make: Callable[[], dict[str, Value]]
) -> dict[str, Value]:
    """Return facts that no entry changes, made once a batch."""
    if about not in programme.standing:
        programme.standing[about] = make()
    return programme.standing[about]


def _item_facts(item: KnownItem) -> dict[str, Value]:
    return {
        **{f"dose.{code}": value for code, value in item.target.items()},
        **{f"maximum.{code}": value for code, value in item.maximum.items()},
        "kind": item.kind,
        "modality": item.modality,
        "physics": reference.modalities()[item.modality].physics,
        "maximum.sessions_per_day": item.sessions_per_day_maximum,
        "maximum.sessions_per_week": item.sessions_per_week_maximum,
    }


def _session_facts(entry: SessionEntry, *, received_at: datetime, paused: bool) -> dict[str, Value]:
    return {
        **{code: _value(value) for code, value in entry.measures.items()},
        **{f"gate.{code}": _value(answer) for code, answer in entry.gate.items()},
        **{f"symptom.{code}": "yes" for code in entry.symptoms},
        **({"minutes": _value(entry.minutes)} if entry.minutes is not None else {}),
        "pain": _value(entry.pain),
        "effort": _value(entry.effort),
        "skin_before": entry.skin_before or None,
        "skin_after": entry.skin_after or None,
        "stop_reason": entry.stop_reason or None,
        "while_paused": "yes" if paused else None,
        "age_hours": (received_at - entry.performed_at).total_seconds() / 3600,
    }


def _part_facts(
    given: PartEntry,
    part: KnownPart,
    item: KnownItem,
    profile: Profile,
    programme: Programme,
    entry: SessionEntry,
) -> dict[str, Value]:
    felt = "cannot_feel" if given.pain == "cannot_feel" else given.measures.get("sensation")
    return {
        **{code: _value(value) for code, value in given.measures.items()},
        **_standing(part.part, programme, lambda: _dose_facts(part)),
        **({"pain": _value(given.pain)} if given.pain is not None else {}),
        "outcome": given.outcome,
        **_pain_trend(part.part, given.pain, programme, profile, entry),
        "end_angle_degrees_week_ago": programme.furthest_degrees(part.part, entry.performed_at),
        "sensation": sensation_at(profile, site_of(item, part), str(felt) if felt else None),
        "while_paused": "yes"
        if programme.is_paused(item.series, part.part, entry.performed_at)
        else None,
    }


def _dose_facts(part: KnownPart) -> dict[str, Value]:
    return {
        **{f"dose.{code}": value for code, value in part.dose.items()},
        **{f"maximum.{code}": value for code, value in part.maximum.items()},
    }


def _pain_trend(
    part: UUID, pain: object, programme: Programme, profile: Profile, entry: SessionEntry
) -> dict[str, Value]:
    """Return what pain is compared with: the session before, and the week before that one."""
    if pain is None:
        return {"previous_pain": None, "pain_baseline_7d": None}
    previous = programme.previous_pain(part, entry.performed_at)
    baseline = programme.pain_baseline(part, previous.performed_at) if previous else None
    return {
        "previous_pain": previous.pain if previous else None,
        "pain_baseline_7d": profile.baselines.get("pain") if baseline is None else baseline,
    }


def _told_before(item: KnownItem, programme: Programme, entry: SessionEntry, log_id: UUID) -> bool:
    """Tell whether this is a session that was told already (R3): it is no further one."""
    if Mark.POSSIBLE_DUPLICATE in entry.confirmed:
        return False
    digest = fingerprint(values_of(entry)).hex()
    device = entry.source == "device"
    at = entry.performed_at
    return programme.twin_of(log_id, item.series, at, digest, from_device=device) is not None


def _sessions(
    item: KnownItem, programme: Programme, entry: SessionEntry, log_id: UUID
) -> Mapping[str, Value]:
    on = local_date(entry.performed_at, item.zone)
    today = programme.sessions_on(item.series, on, besides=log_id) + 1
    week = programme.sessions_in_week(item.series, on, besides=log_id) + 1
    a_day, a_week = item.sessions_per_day_maximum, item.sessions_per_week_maximum
    over = (a_day is not None and today > a_day) or (a_week is not None and week > a_week)
    if over and _told_before(item, programme, entry, log_id):
        today, week, over = today - 1, week - 1, False
    before = programme.over_maximum_in_week(item.series, on, besides=log_id) if over else 0
    return {
        "sessions_today": today,
        "sessions_this_week": week,
        "over_maximum_this_week": before + 1 if over else None,
    }


def _session_trends(
    item: KnownItem, programme: Programme, entry: SessionEntry, log_id: UUID
) -> Mapping[str, Value]:
    """Return what this session is compared with: effort, red skin, and how long ago the last was.

    Only what this session says something of, or what its modality is judged by, is looked for.
    """
    at, series = entry.performed_at, item.series
    is_red = "red" in (entry.skin_before, entry.skin_after)
    stimulated = reference.modalities()[item.modality].physics is not None
    return {
        "previous_effort": None if entry.effort is None else programme.previous_effort(series, at),
        "skin_red_hours": programme.skin_red_hours(series, at) if is_red else None,
        "days_since_last_session": programme.days_since_last(series, at, besides=log_id)
        if stimulated
        else None,
    }


def _value(value: object) -> Value:
    if isinstance(value, str | bool) or is_number(value):
        return value
    return None


def _number(value: object) -> float | None:
    return value if is_number(value) else None
