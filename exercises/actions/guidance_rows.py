"""What the sheets of guidance, instruments, windows and conflicts say the tables should hold."""

from collections.abc import Iterator
from typing import Any

from exercises.actions.plain import plain
from exercises.actions.rows import Rows, cited, graded, reviewed, told
from exercises.actions.wording import worded
from exercises.domain.identity import content_id
from exercises.models import Conflict, ConflictSide, Guidance, Instrument, TimeWindow
from exercises.sheets import guidance
from exercises.sheets.instruments import Instrument as InstrumentSheet
from exercises.sheets.library import Library


def guidance_rows(library: Library) -> Iterator[Rows]:
    yield _instruments(library)
    yield _guidance(library)
    yield _time_windows(library)
    yield from _conflicts(library)


def _guidance(library: Library) -> Rows:
    rows = Rows(Guidance)
    for slug, placed in library.guidance.items():
        item, shows = placed.item, placed.item.shows
        later = [citation for each in item.later_evidence for citation in each.citations]
        rows.add(
            content_id("guidance", slug),
            _item(item),
            applies_to=item.applies_to,
            not_for=[bar.condition for bar in item.not_for],
            exercises=[content_id("exercise", shown) for shown in shows.exercises],
            recipes=[content_id("recipe", shown) for shown in shows.recipes],
            foods=shows.foods,
            instruments=shows.instruments,
            sections=cited(item.citations),
            later_sections=cited(later),
        )
    return rows


def _item(item: guidance.Guidance) -> dict[str, Any]:
    return {
        "slug": item.slug,
        "names": plain(item.names),
        "category": item.category,
        "topic": item.topic,
        "claim": plain(item.claim),
        "advice": plain(item.advice),
        "caution": plain(item.caution),
        "place": item.place,
        "taught_by_clinic": item.taught_by_clinic,
        "planned": item.planned,
        "not_for_because": {bar.condition: plain(bar.because) for bar in item.not_for},
        "modality_id": item.modality,
        "same_as_id": content_id("guidance", item.same_as) if item.same_as else None,
        "later_evidence": plain(item.later_evidence),
        **told(item),
        **graded(item),
        **worded(item, item.names, item.advice, item.caution),
    }


def _instruments(library: Library) -> Rows:
    rows = Rows(Instrument)
    for code, placed in library.instruments.items():
        rows.add(code, _instrument(placed.item), sections=cited(placed.item.citations))
    return rows


def _instrument(item: InstrumentSheet) -> dict[str, Any]:
    return {
        "names": plain(item.names),
        "about": plain(item.about),
        "scores": plain(item.scores),
        "better": item.better,
        "ordinal": item.ordinal,
        "changes": plain(item.changes),
        "cut_offs": plain(item.cut_offs),
        "licence": plain(item.licence),
        "entered_by": item.entered_by,
        "reassess_weeks": item.reassess_weeks,
        "earliest_weeks": item.earliest_weeks,
        **reviewed(item),
        **worded(item, item.names, item.about),
    }


def _time_windows(library: Library) -> Rows:
    rows = Rows(TimeWindow)
    for code, placed in library.time_windows.items():
        item = placed.item
        values = {
            "names": plain(item.names),
            "claim": plain(item.claim),
            "use": plain(item.use),
            "counts": item.counts,
            "weeks": item.weeks,
            "days": item.days,
            "modality_id": item.modality,
            "audience": item.audience,
            "owner": item.owner,
        }
        rows.add(code, values, sections=cited(item.citations))
    return rows


def _conflicts(library: Library) -> Iterator[Rows]:
    conflicts, sides = Rows(Conflict), Rows(ConflictSide)
    for code, placed in library.conflicts.items():
        item = placed.item
        values = {
            "names": plain(item.texts),
            "owner": item.owner,
            "resolved": plain(item.resolved),
            "resolved_by": item.resolved_by or "",
            "resolved_on": item.resolved_on,
        }
        conflicts.add(code, values, sections=cited(item.citations))
        for side in item.sides:
            shown = {
                "conflict_id": code,
                "kind": side.kind,
                "ref": side.ref,
                "hidden": side.hidden,
                "names": plain(library.named(side.kind, side.ref)),
            }
            sides.add(content_id("conflict-side", code, side.kind, side.ref), shown)
    yield from (conflicts, sides)
