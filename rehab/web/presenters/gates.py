"""What stands against a plan, gate by gate, and how it could be let past."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from patients.domain.errors import DomainError, FieldError
from rehab import rules
from rehab.actions.gatekeeping import Standing
from rehab.domain.plan_draft import OverrideDraft, PlanDraft
from rehab.web.presenters import words


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate of one item. `name` is the prefix of its override's fields."""

    name: str
    item: str
    text: str
    verdict: str
    tone: str
    questions: Sequence[str]
    may_be_overridden: bool
    blocks: bool
    reason: str
    until: str


def gate_rows(
    report: Sequence[Standing], titles: Mapping[UUID, str], typed: Mapping[str, str], language: str
) -> list[GateRow]:
    """One row a gate and item, whatever number of parts it stands before."""
    seen: dict[tuple[UUID, str], Standing] = {}
    for each in report:
        known = seen.get((each.series, each.blocked.gate))
        if known is None or (each.blocks and not known.blocks):
            seen[(each.series, each.blocked.gate)] = each
    return [_row(each, titles, typed, language) for each in seen.values()]


def overrides_from(typed: Mapping[str, str]) -> list[OverrideDraft]:
    """The overrides that were filled in: a reason and an end date, by item and gate."""
    return list(_overrides(typed))


def refused_gates(
    error: DomainError, draft: PlanDraft, typed: Mapping[str, str], language: str
) -> list[GateRow]:
    """The gates that stopped a new version, with the fields of their overrides."""
    found = []
    for each in error.errors:
        match each.field.split("."):
            case ["items", place, "gates", gate]:
                item = draft.items[int(place)]
                if item.series is not None:
                    found.append(
                        _refused(
                            each, item.series, gate, item.title.get(language, ""), typed, language
                        )
                    )
    return list({row.name: row for row in found}.values())


def _refused(
    error: FieldError, series: UUID, gate: str, title: str, typed: Mapping[str, str], language: str
) -> GateRow:
    name = f"gate~{series}~{gate}"
    overridable = error.code == "contraindicated"
    return GateRow(
        name=name,
        item=title,
        text=rules.gates()[gate].text[language],
        verdict=_("Blocked") if overridable else _("Answer this in the profile first"),
        tone="stop",
        questions=[],
        may_be_overridden=overridable,
        blocks=True,
        reason=typed.get(f"{name}~reason", ""),
        until=typed.get(f"{name}~until", ""),
    )


def _overrides(typed: Mapping[str, str]) -> Iterator[OverrideDraft]:
    for name, reason in typed.items():
        head, _dash, kind = name.rpartition("~")
        if kind != "reason" or not head.startswith("gate~") or not reason.strip():
            continue
        _gate, series, gate = head.split("~")
        try:
            until = date.fromisoformat(typed.get(f"{head}~until", ""))
            yield OverrideDraft(series=UUID(series), gate=gate, reason=reason, expires_on=until)
        except ValueError:
            continue


def _row(
    each: Standing, titles: Mapping[UUID, str], typed: Mapping[str, str], language: str
) -> GateRow:
    gate = rules.gates()[each.blocked.gate]
    name = f"gate~{each.series}~{gate.code}"
    verdict, tone = _verdict(each)
    return GateRow(
        name=name,
        item=titles.get(each.series, ""),
        text=gate.text[language],
        verdict=verdict,
        tone=tone,
        questions=[_question(fact, language) for fact in each.blocked.unanswered],
        may_be_overridden=each.blocked.may_be_overridden and each.blocks,
        blocks=each.blocks,
        reason=typed.get(f"{name}~reason", ""),
        until=typed.get(f"{name}~until", ""),
    )


def _verdict(each: Standing) -> tuple[str, str]:
    match each.blocked.code:
        case "contraindicated":
            return (_("Blocked"), "stop") if each.blocks else (_("Overridden by name"), "wait")
        case "unknown_must_be_answered":
            return _("Answer this in the profile first"), "stop"
        case "unknown_not_answered":
            return _("Not answered yet"), "wait"
    return _("Take care"), "wait"


def _question(fact: str, language: str) -> str:
    """The question of the profile behind a fact."""
    code = fact.rpartition(".")[2]
    found = next((each for each in rules.questions() if each.code == code), None)
    if found is not None:
        return found.labels[language]
    return str(words.GATE_FACTS.get(code, code))
