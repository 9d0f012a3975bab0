"""Has every item of the documents its place, and is it shown to the right people?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from exercises.sheets.guidance import Guidance
from exercises.sheets.library import Library, Placed
from exercises.sheets.reading import ContentError
from exercises.sheets.terms import LANGUAGES
from exercises.sheets.walking import texts

GRADED = ("guidance", "foods", "recipes", "exercises", "protocols")
READ_BY_PATIENTS = ("guidance", "foods", "recipes", "exercises")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the documents' items, and of those found later, have their place."""

    items: int
    items_placed: int
    addenda: int
    addenda_placed: int
    problems: tuple[ContentError, ...]

    @property
    def complete(self) -> bool:
        return not self.problems


def coverage(library: Library) -> Coverage:
    rows = [placed.item for placed in library.source_map.values()]
    listed = [row.slug for row in rows if not row.addenda]
    later = [row.slug for row in rows if row.addenda]
    return Coverage(
        items=len(listed),
        items_placed=sum(slug in library.guidance for slug in listed),
        addenda=len(later),
        addenda_placed=sum(slug in library.guidance for slug in later),
        problems=tuple(chain(_missing(library), _misplaced(library))),
    )


def _missing(library: Library) -> Iterator[ContentError]:
    for slug, row in library.source_map.items():
        if slug not in library.guidance:
            yield row.error("slug", "has no place in guidance/")


def _misplaced(library: Library) -> Iterator[ContentError]:
    for slug, placed in library.guidance.items():
        row = library.source_map.get(slug)
        if row is None:
            yield placed.error("slug", "is not in source_map.yaml")
            continue
        item, mapped = placed.item, row.item
        wanted = {
            "category": mapped.category,
            "advice_audience": mapped.audience,
            "caution_audience": mapped.caution or mapped.audience,
        }
        for name, value in wanted.items():
            if getattr(item, name) != value:
                yield placed.error(name, f"is {getattr(item, name)}, the source map says {value}")
        if item.evidence.kind != mapped.evidence:
            yield placed.error(
                "evidence.kind", f"is {item.evidence.kind}, the source map says {mapped.evidence}"
            )
        yield from _uncited(placed, mapped.source, mapped.sections)


def _uncited(
    placed: Placed[Guidance], source: str, sections: tuple[str, ...]
) -> Iterator[ContentError]:
    cited = {each.section for each in placed.item.citations if each.source == source}
    if missing := sorted(set(sections) - cited):
        yield placed.error("citations", f"names not {source} {', '.join(missing)}")


Table = tuple[str, list[tuple[str, ...]]]


def tables(library: Library) -> Iterator[Table]:
    """Yield a heading and the rows of each table of the report; the first row names columns."""
    items = [placed.item for placed in library.guidance.values()]
    documents = _documents(library)
    yield (
        "Items by document and audience of the advice",
        _crossed([(documents.get(item.slug, "-"), item.advice_audience) for item in items]),
    )
    yield (
        "Items by document and audience of the caution",
        _crossed(
            [
                (
                    documents.get(item.slug, "-"),
                    item.caution_audience if item.caution else "no caution",
                )
                for item in items
            ]
        ),
    )
    yield (
        "Items by document and kind of evidence",
        _crossed([(documents.get(item.slug, "-"), item.evidence.kind) for item in items]),
    )
    yield (
        "Items by category and audience of the advice",
        _crossed([(item.category, item.advice_audience) for item in items]),
    )
    yield (
        "Everything graded, by kind of evidence",
        _crossed(
            [
                (shelf, placed.item.evidence.kind)
                for shelf in GRADED
                for placed in getattr(library, shelf).values()
            ]
        ),
    )
    yield "Texts by language", _languages(library)


def patient_items_without_source(library: Library) -> list[str]:
    return [
        slug
        for shelf in READ_BY_PATIENTS
        for slug, placed in getattr(library, shelf).items()
        if "patient" in {placed.item.advice_audience, placed.item.caution_audience}
        and not placed.item.citations
    ]


def unreviewed(library: Library) -> tuple[int, int]:
    """Return how many items that patients may read nobody has reviewed, and how many there are."""
    dates = [
        placed.item.last_reviewed
        for shelf in READ_BY_PATIENTS
        for placed in getattr(library, shelf).values()
    ]
    return sum(date is None for date in dates), len(dates)


def _documents(library: Library) -> dict[str, str]:
    return {slug: placed.item.source for slug, placed in library.source_map.items()}


def _crossed(pairs: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    counted = Counter(pairs)
    rows = list(dict.fromkeys(row for row, _ in pairs))
    columns = sorted({column for _, column in pairs})
    table = [("", *columns, "all")]
    for row in rows:
        numbers = [counted[row, column] for column in columns]
        table.append((row, *map(str, numbers), str(sum(numbers))))
    totals = [sum(counted[row, column] for row in rows) for column in columns]
    return [*table, ("all", *map(str, totals), str(sum(totals)))]


def _languages(library: Library) -> list[tuple[str, ...]]:
    table: list[tuple[str, ...]] = [("", *LANGUAGES)]
    for shelf in (*GRADED, "instruments", "time_windows", "conflicts", "interactions"):
        found = [
            text for placed in getattr(library, shelf).values() for _, text in texts(placed.item)
        ]
        table.append((shelf, *(str(sum(bool(text[lang]) for text in found)) for lang in LANGUAGES)))
    return table
