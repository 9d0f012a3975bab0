"""A stored session as the form would have had it: a correction starts from what was said."""

from typing import Any

from rehab.domain.recurrence import local_time
from rehab.models.reads.items import Prescribed
from rehab.models.reads.logs import LoggedPart, SessionView
from rehab.web.presenters import doses


def initial_from(log: SessionView, prescribed: Prescribed, zone: str) -> dict[str, Any]:
    local = local_time(log.performed_at, zone)
    said: dict[str, Any] = {
        "id": log.id,
        "when": "earlier",
        "on": local.date(),
        "at": local.time(),
        "performer": log.performer,
        "performer_name": log.performer_name,
        "pain": _scale(log.pain),
        "effort": _scale(log.effort),
        "minutes": doses.number(log.minutes),
        "symptoms": list(log.symptoms),
        "stop_reason": log.stop_reason or "",
        "limb": log.limb or "",
        "note": log.note,
    }
    said |= {f"gate-{code}": answer for code, answer in log.gate.items()}
    said |= {f"s-{code}": doses.number(value) for code, value in log.measures.items()}
    said |= {f"s-{code}": each.text for code, each in log.typed.items()}
    parts = {part.part: part for part in log.parts}
    for place, prescribed_part in enumerate(prescribed.parts):
        said |= _part(place, parts.get(prescribed_part.part))
    return said


def _part(place: int, part: LoggedPart | None) -> dict[str, Any]:
    if part is None:
        return {f"p{place}-outcome": "not_done"}
    typed = {code: each.text for code, each in part.typed.items()}
    measures = {code: doses.number(value) for code, value in part.measures.items()}
    return {
        f"p{place}-outcome": part.outcome,
        f"p{place}-pain": _scale(part.pain),
        **{f"p{place}-{code}": value for code, value in {**measures, **typed}.items()},
    }


def _scale(value: int | str | None) -> str:
    """0 is an answer; only None is "not recorded"."""
    return "" if value is None else str(value)
