"""What was made of each section of a source, for a clinic's own people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from exercises.models import (
    Conflict,
    Exercise,
    Food,
    Guidance,
    Instrument,
    Precaution,
    Protocol,
    Recipe,
    Source,
    SourceSection,
    TimeWindow,
)
from exercises.models.conflict import ConflictSide
from exercises.models.content import ordered
from rehab.models.reads.names import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One item that rests on a section. audience: patient, clinician or archive; how far the
    item reaches, by its advice or by its caution. ref: its slug or code; "" where it has no page.
    """

    kind: str
    ref: str
    names: Text
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionUse:
    number: str
    names: Text
    uses: Sequence[Use]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUse:
    """kind: document is one of the five texts it all began with. checked: has anybody read it?"""

    code: str
    kind: str
    names: Text
    about: Text | None
    address: str
    published: str
    checked: str
    sections: Sequence[SectionUse]


# Relation of a section -> (kind, model, the column that names an item on its own page or "").
_USERS: Mapping[str, tuple[str, Any, str]] = {
    "guidance": ("guidance", Guidance, "slug"),
    "exercises": ("exercise", Exercise, "slug"),
    "foods": ("food", Food, "code"),
    "recipes": ("recipe", Recipe, "slug"),
    "protocols": ("protocol", Protocol, "slug"),
    "instruments": ("instrument", Instrument, "code"),
    "precautions": ("precaution", Precaution, ""),
    "time_windows": ("time_window", TimeWindow, ""),
    "conflicts": ("conflict", Conflict, ""),
}


def sources() -> Sequence[Source]:
    """Every current source, the five documents first."""
    return sorted(Source.objects.current().in_order(), key=lambda each: each.kind != "document")


def use_of_source(code: str) -> SourceUse | None:
    """Return a source with what rests on each of its sections; None for an unknown code.

    As many statements as there are kinds, whatever the size of the source.
    """
    source = (
        Source.objects.filter(code=code)
        .prefetch_related(
            ordered("sections", SourceSection.objects.current()),
            *(
                ordered(f"sections__{relation}", model.objects.current())
                for relation, (_kind, model, _key) in _USERS.items()
            ),
        )
        .first()
    )
    if source is None:
        return None
    return SourceUse(
        code=source.code,
        kind=source.kind,
        names=source.names,
        about=source.about,
        address=source.address,
        published=source.published,
        checked=source.checked,
        sections=[_section(each) for each in source.sections.all()],
    )


def _section(section: SourceSection) -> SectionUse:
    uses = [
        Use(
            kind=kind,
            ref=getattr(row, key) if key else "",
            names=row.names,
            audience=_reach(row),
        )
        for relation, (kind, _model, key) in _USERS.items()
        for row in getattr(section, relation).all()
    ]
    return SectionUse(number=section.number, names=section.names, uses=uses)


def _reach(row: Any) -> str:
    """The widest audience of an item; what has none is for clinicians."""
    audiences = {
        getattr(row, name, None) for name in ("advice_audience", "caution_audience", "audience")
    } - {None}
    if not audiences:
        return "clinician"
    return next(each for each in ("patient", "clinician", "archive") if each in audiences)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One of the claims that clash. hidden: patients do not get its advice."""

    kind: str
    ref: str
    names: Text
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    code: str
    names: Text
    sides: Sequence[SideView]
    sources: Sequence[Text]
    resolved: Text | None
    resolved_by: str
    resolved_on: date | None


def conflicts() -> Sequence[ConflictView]:
    """Every current conflict with its sides by name, what is unresolved first."""
    rows = (
        Conflict.objects.current()
        .in_order()
        .prefetch_related(
            ordered("sides", ConflictSide.objects.current()),
            ordered("sections", SourceSection.objects.select_related("source")),
        )
    )
    return sorted((_conflict(row) for row in rows), key=lambda view: view.resolved_on is not None)


def _conflict(row: Conflict) -> ConflictView:
    return ConflictView(
        code=row.code,
        names=row.names,
        sides=[
            SideView(
                kind=side.kind,
                ref=side.ref,
                names=side.names,
                hidden=side.hidden and row.resolved_on is None,
            )
            for side in row.sides.all()
        ],
        sources=[_cited(each) for each in row.sections.all()],
        resolved=row.resolved,
        resolved_by=row.resolved_by,
        resolved_on=row.resolved_on,
    )


def _cited(section: SourceSection) -> Text:
    """ "A review 2.1", or "A page: Recipes" where sections have no numbers."""
    number = section.number
    return {
        language: f"{title} {number}" if number[:1].isdigit() else f"{title}: {said}"
        for language, title in section.source.names.items()
        for said in (section.names[language],)
    }
