"""What the sheets say the tables should hold: one `Rows` per table, parents first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models

from exercises.actions.plain import plain
from exercises.actions.wording import worded
from exercises.domain.identity import content_id
from exercises.models import (
    Condition,
    Contraindication,
    DoseField,
    Exercise,
    Modality,
    Motion,
    Muscle,
    Precaution,
    Source,
    SourceSection,
)
from exercises.sheets import catalogue, terms
from exercises.sheets.library import Library, Shelf

Key = str | UUID


@dataclass(slots=True)
class Rows:
    """The rows of one table by key, and for each many-to-many field the keys it links to."""

    model: type[models.Model]
    values: dict[Key, dict[str, Any]] = field(default_factory=dict)
    links: dict[str, dict[Key, list[Key]]] = field(default_factory=dict)

    def add(self, key: Key, values: dict[str, Any], **links: Sequence[Key]) -> None:
        self.values[key] = {"position": len(self.values), **values}
        for name, keys in links.items():
            self.links.setdefault(name, {})[key] = list(dict.fromkeys(keys))


def term_rows(library: Library) -> Iterator[Rows]:
    yield _terms(Condition, library.conditions, "kind", "pathway", "notes")
    yield _terms(DoseField, library.dose_fields, "unit", whole=True)
    yield _terms(Motion, library.motions, "joint", "region", whole=True)
    yield _terms(Muscle, library.muscles, "region", whole=True)
    yield _terms(Modality, library.modalities, "kind", "physics", "part_kind", whole=True)


def source_rows(library: Library) -> Iterator[Rows]:
    sources, sections = Rows(Source), Rows(SourceSection)
    for code, placed in library.sources.items():
        item = placed.item
        key = content_id("source", code)
        sources.add(
            key,
            {
                "code": code,
                "kind": item.kind,
                "names": plain(item.titles),
                "about": plain(item.about),
                "address": item.address,
                "published": item.published or "",
                "checked": item.checked,
            },
        )
        for number, titles in _sections(item):
            section = {"source_id": key, "number": number, "names": plain(titles)}
            sections.add(section_id(code, number), section)
    yield from (sources, sections)


def safety_rows(library: Library) -> Iterator[Rows]:
    precautions, bars = Rows(Precaution), Rows(Contraindication)
    for code, placed in library.precautions.items():
        item = placed.item
        precautions.add(
            code,
            {"names": plain(item.texts), "does": item.does, "owner": item.owner},
            conditions=item.conditions,
            sections=cited(item.citations),
        )
    for code, bar in library.contraindications.items():
        bars.add(
            code,
            {
                "names": plain(bar.item.texts),
                "condition_id": bar.item.condition,
                "level": bar.item.level,
                "where": bar.item.where,
                "modalities": list(bar.item.modalities),
                "owner": bar.item.owner,
            },
            sections=cited(bar.item.citations),
        )
    yield from (precautions, bars)


def exercise_rows(library: Library) -> Iterator[Rows]:
    rows = Rows(Exercise)
    for slug, placed in library.exercises.items():
        item = placed.item
        rows.add(
            content_id("exercise", slug),
            {
                "slug": slug,
                "names": plain(item.names),
                "modality_id": item.modality,
                "motion_id": item.motion,
                "muscle_id": item.muscle,
                "other_muscles": list(item.other_muscles),
                "summary": plain(item.summary),
                "steps": plain(item.all_steps),
                "stop_at": plain(item.stop_at),
                "performed_by": list(item.performed_by),
                "taught_by_clinic": item.taught_by_clinic,
                "place": item.place,
                "use": item.use,
                **told(item),
                **graded(item),
                **worded(item, item.names, item.summary),
            },
            precautions=item.precautions,
            sections=cited(item.citations),
        )
    yield rows


def graded(item: Any) -> dict[str, Any]:
    return {
        "evidence_kind": item.evidence.kind,
        "evidence_people": item.evidence.n,
        "evidence_detail": plain(item.evidence.detail),
        "evidence_says": plain(item.evidence.says),
        **reviewed(item),
    }


def reviewed(item: Any) -> dict[str, Any]:
    return {
        "owner": item.owner,
        "last_reviewed": item.last_reviewed,
        "reviewed_by": item.reviewed_by or "",
    }


def told(item: Any) -> dict[str, Any]:
    return {"advice_audience": item.advice_audience, "caution_audience": item.caution_audience}


def cited(citations: Sequence[catalogue.Citation]) -> list[Key]:
    return [section_id(citation.source, citation.section) for citation in citations]


def section_id(source: str, number: str) -> UUID:
    return content_id("section", source, number)


def _terms(
    model: type[models.Model], shelf: Shelf[Any], *columns: str, whole: bool = False
) -> Rows:
    rows = Rows(model)
    for code, placed in shelf.items():
        values = {column: _column(model, placed.item, column) for column in columns}
        if whole:
            values["definition"] = plain(placed.item)
        rows.add(code, {"names": plain(placed.item.labels), **values})
    return rows


def _column(model: type[models.Model], item: terms.Sheet, column: str) -> Any:
    value = plain(getattr(item, column))
    nullable = model._meta.get_field(column).null
    return value if value is not None or nullable else ""


def _sections(source: catalogue.Source) -> list[tuple[str, terms.Text]]:
    """A source without sections is cited whole: it has one section without a number."""
    if not source.sections:
        return [("", source.titles)]
    return [(section.number, section.titles) for section in source.sections]
