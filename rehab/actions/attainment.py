"""What an entry makes of its occurrence: were all unpaused parts done to the prescribed dose?

Pure over its arguments. An amount that nobody recorded is not judged; whether the part was done
in full is then what the person said.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from rehab.domain.measures import is_number
from rehab.domain.occurrences import PartOutcome, dose_met, state_of
from rehab.domain.session_entry import PartEntry, SessionEntry
from rehab.models import Outcome
from rehab.models.briefing import KnownItem, KnownPart

AMOUNTS = ("repetitions", "sets", "minutes", "hold_seconds")


def state_from(entry: SessionEntry, item: KnownItem, paused: Collection[UUID]) -> str:
    """Return what this entry makes of its occurrence: done, partial or paused.

    paused: the parts that were paused when it was performed.
    """
    given = {part.part: part for part in entry.parts}
    session = session_amounts(entry)
    whole_met = entry.stop_reason == "" and (
        not session or dose_met(_amounts(item.target), session)
    )
    outcomes = [
        PartOutcome(
            str(part.part),
            part.part in paused,
            whole_met and _is_met(part, given.get(part.part), entry, item, session),
            _is_done(given.get(part.part), entry, session),
        )
        for part in item.parts
    ]
    return state_of(outcomes)


def outcome_from(entry: SessionEntry, state: str | None) -> str:
    """Return what was done of the session as a whole; state: what it makes of its occurrence."""
    if entry.parts and all(part.outcome == Outcome.NOT_DONE for part in entry.parts):
        return Outcome.NOT_DONE.value
    if state != "partial":
        return Outcome.DONE.value
    return Outcome.PARTIAL.value


def session_amounts(entry: SessionEntry) -> dict[str, float]:
    """Return the amounts that were recorded once for the whole session."""
    if not entry.measures and entry.minutes is None:
        return {}
    minutes = {} if entry.minutes is None else {"minutes": entry.minutes}
    return _amounts({**entry.measures, **minutes})


def _is_done(given: PartEntry | None, entry: SessionEntry, session: Mapping[str, float]) -> bool:
    """Tell whether something was done of a part; where no part is named the session speaks."""
    if given is not None:
        return given.outcome != Outcome.NOT_DONE
    return entry.as_planned or (not entry.parts and any(session.values()))


def _is_met(
    part: KnownPart,
    given: PartEntry | None,
    entry: SessionEntry,
    item: KnownItem,
    session: Mapping[str, float],
) -> bool:
    if given is None and not session:
        return entry.as_planned
    prescribed = _amounts(part.dose)
    if given is not None:
        delivered = {**session, **_amounts(given.measures)}
        return given.outcome == Outcome.DONE and dose_met(prescribed, delivered)
    if not dose_met(prescribed, session):
        return False
    return entry.as_planned or not session.keys().isdisjoint({**prescribed, **item.target})


def _amounts(values: Mapping[str, object]) -> dict[str, float]:
    """Return the amounts among some values: what fills a dose, not what describes it."""
    return {code: value for code, value in values.items() if code in AMOUNTS and is_number(value)}
