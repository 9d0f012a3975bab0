"""What the safety rules may look at: one entry, its item, and the programme around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exercises import reference
from rehab.actions.programme import Programme, Standing
from rehab.actions.tellings import ToldFacts
from rehab.domain.conditions import Facts, Value
from rehab.domain.facts import PartSite, Profile, profile_facts, sensation_at
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
    told = _told_facts(entry, item, programme)
    paused = item is not None and counted and programme.was_while_paused(entry, item)
    shared = {
        **told.shared,
        "while_paused": "yes" if paused else None,
        "age_hours": (received_at - entry.performed_at).total_seconds() / 3600,
    }
    if item is None:
        return Seen(shared, {})
    shared.update(_pain_trend(item.series, entry.pain, programme, entry))
    if counted:
        shared.update(_sessions(item, programme, entry, log_id))
    shared.update(_session_trends(item, programme, entry, log_id))
    return Seen(
        shared,
        {
            given.part: {**own, **_part_trends(given, item, programme, entry)}
            for given in entry.parts
            if (own := told.parts.get(given.part)) is not None
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


def _profile_in(programme: Programme) -> Profile:
    if programme.profile is None:
        programme.profile = profile_from(programme.briefing.profile)
    return programme.profile


def _standing(item: KnownItem | None, programme: Programme) -> Standing:
    """Return facts that no entry changes, made once a batch for each version of an item."""
    about = item.id if item else None
    if about not in programme.standing:
        profile = _profile_in(programme)
        of_profile = profile_facts(profile)
        programme.standing[about] = (
            Standing({**of_profile, **_item_facts(item)}, _facts_of_parts(item, profile))
            if item
            else Standing(of_profile, {})
        )
    return programme.standing[about]


def _told_facts(entry: SessionEntry, item: KnownItem | None, programme: Programme) -> ToldFacts:
    """Return the facts of an entry that depend on no moment and on no other session."""
    telling = programme.telling_of(entry, item)
    if telling.facts is None:
        standing = _standing(item, programme)
        telling.facts = ToldFacts(
            {**standing.shared, **_session_facts(entry)},
            {
                given.part: _part_facts(given, standing.parts[given.part])
                for given in entry.parts
                if given.part in standing.parts
            },
        )
    return telling.facts


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


def _session_facts(entry: SessionEntry) -> dict[str, Value]:
    facts = {code: _value(value) for code, value in entry.measures.items()}
    for code, answer in entry.gate.items():
        facts[f"gate.{code}"] = _value(answer)
    for code in entry.symptoms:
        facts[f"symptom.{code}"] = "yes"
    if entry.minutes is not None:
        facts["minutes"] = _value(entry.minutes)
    facts["pain"] = _value(entry.pain)
    facts["effort"] = _value(entry.effort)
    facts["skin_before"] = entry.skin_before or None
    facts["skin_after"] = entry.skin_after or None
    facts["stop_reason"] = entry.stop_reason or None
    return facts


def _facts_of_parts(item: KnownItem, profile: Profile) -> Mapping[UUID, Facts]:
    return {
        part.part: {
            **{f"dose.{code}": value for code, value in part.dose.items()},
            **{f"maximum.{code}": value for code, value in part.maximum.items()},
            "sensation": sensation_at(profile, site_of(item, part)),
        }
        for part in item.parts
    }


def _part_facts(given: PartEntry, standing: Facts) -> dict[str, Value]:
    facts = {code: _value(value) for code, value in given.measures.items()}
    facts.update(standing)
    if given.pain is not None:
        facts["pain"] = _value(given.pain)
    facts["outcome"] = given.outcome
    if felt := "cannot_feel" if given.pain == "cannot_feel" else given.measures.get("sensation"):
        facts["sensation"] = str(felt)
    return facts


def _part_trends(
    given: PartEntry, item: KnownItem, programme: Programme, entry: SessionEntry
) -> dict[str, Value]:
    """Return what one part is compared with, and whether it was paused."""
    at = entry.performed_at
    moved = given.measures.get("end_angle_degrees") is not None
    paused = programme.is_paused(item.series, given.part, at)
    return {
        **_pain_trend(given.part, given.pain, programme, entry),
        "end_angle_degrees_week_ago": programme.furthest_degrees(given.part, at) if moved else None,
        "while_paused": "yes" if paused else None,
    }


def _pain_trend(
    part: UUID, pain: object, programme: Programme, entry: SessionEntry
) -> dict[str, Value]:
    """Return what pain is compared with: the session before, and the week before that one."""
    if pain is None:
        return {"previous_pain": None, "pain_baseline_7d": None}
    previous = programme.previous_pain(part, entry.performed_at)
    baseline = programme.pain_baseline(part, previous.performed_at) if previous else None
    if baseline is None:
        baseline = _profile_in(programme).baselines.get("pain")
    return {"previous_pain": previous.pain if previous else None, "pain_baseline_7d": baseline}


def _told_before(item: KnownItem, programme: Programme, entry: SessionEntry, log_id: UUID) -> bool:
    """Tell whether this is a session that was told already (R3): it is no further one."""
    if Mark.POSSIBLE_DUPLICATE in entry.confirmed:
        return False
    digest = programme.telling_of(entry, item).digest.hex()
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
