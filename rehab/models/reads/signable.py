"""What of the catalogue a clinic signs item by item, and the wording that it puts its name to."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import methodcaller
from typing import Any

from exercises.models import Exercise, Food, Guidance, Instrument, Protocol, Recipe
from exercises.models.source import SourceSection
from rehab.models.reads.names import LANGUAGES
from rehab.models.signature import SignedKind

Line = dict[str, str]
"""One piece of a wording: {"field", "zh-Hans", "en"}. The field may be numbered: "steps.2"."""

_GRADE = ("evidence_kind", "evidence_people", "evidence_detail", "evidence_says")
_AUDIENCE = ("advice_audience", "caution_audience")


@dataclass(frozen=True, slots=True)
class Signable:
    """A kind of content. key: the column that names an item; columns: its wording, in order.

    more: what stands in other tables; told: has audiences; grouping: what the queue narrows by.
    """

    key: str
    rows: Callable[[], Any]
    columns: Sequence[str]
    grounded: Callable[[Any], Any]
    more: Callable[[Any], Iterator[tuple[str, object]]]
    told: bool = True
    grouping: str | None = None

    def listed(self) -> Any:
        """Items that anybody reads: not what was withdrawn, not what is only kept."""
        current = self.rows().current()
        return current.shown_to("clinician") if self.told else current


def _sources(row: Any) -> Iterator[tuple[str, object]]:
    yield "sources", [_cited(section) for section in row.sections.all()]


def _cited(section: SourceSection) -> Line:
    titles = section.source.names
    return {each: f"{titles[each]} {section.number}".strip() for each in LANGUAGES}


def _exercise(row: Exercise) -> Iterator[tuple[str, object]]:
    yield "precautions", [each.names for each in row.precautions.all()]
    yield from _sources(row)


def _food(row: Food) -> Iterator[tuple[str, object]]:
    yield "allergens", [each.names for each in row.allergens.all()]
    yield from _sources(row)


def _recipe(row: Recipe) -> Iterator[tuple[str, object]]:
    yield "ingredients", [_ingredient(each) for each in row.current_ingredients]
    yield "allergens", [each.names for each in row.allergens]
    yield from _sources(row)


def _ingredient(row: Any) -> Line:
    grams = "" if row.grams is None else f" {row.grams:g} g"
    note = row.note or dict.fromkeys(LANGUAGES, "")
    return {each: f"{row.food.names[each]}{grams} {note[each]}".strip() for each in LANGUAGES}


def _protocol(row: Protocol) -> Iterator[tuple[str, object]]:
    yield "conditions", [each.names for each in row.conditions.all()]
    for item in row.current_items:
        yield f"items.{item.code}", item.names
        yield f"items.{item.code}.notes", item.notes
        yield f"items.{item.code}.dose", {code: _range(each) for code, each in item.dose.items()}
        for part in item.parts.all():
            yield f"items.{item.code}.parts", [part.names]
            yield (
                f"items.{item.code}.parts.dose",
                {code: _range(each) for code, each in part.dose.items()},
            )
    yield from _sources(row)


def _range(dose: Mapping[str, Any] | None) -> str:
    """A range as low and high; what no source gives is a dash."""
    if dose is None:
        return "–"
    return f"{dose['low']:g}–{dose['high']:g}" if "low" in dose else str(dose)


KINDS: Mapping[str, Signable] = {
    SignedKind.GUIDANCE: Signable(
        "slug",
        Guidance.objects.all,
        (
            "names", "advice", "caution", "not_for_because", "claim", "later_evidence", *_GRADE,
            "topic", "place", "taught_by_clinic", *_AUDIENCE,
        ),
        methodcaller("with_grounds"),
        _sources,
        grouping="topic",
    ),
    SignedKind.EXERCISE: Signable(
        "slug",
        Exercise.objects.all,
        ("names", "summary", "steps", "stop_at", *_GRADE, "place", "taught_by_clinic", "use",
         *_AUDIENCE),
        methodcaller("with_grounds"),
        _exercise,
        grouping="modality_id",
    ),
    SignedKind.FOOD: Signable(
        "code",
        Food.objects.all,
        ("names", "other_names", "role", "advice", "caution", "choking", "not_for_because",
         "kidney_caution", "drugs_caution", "textures", *_GRADE, *_AUDIENCE),
        methodcaller("with_grounds"),
        _food,
        grouping="role",
    ),
    SignedKind.RECIPE: Signable(
        "slug",
        Recipe.objects.all,
        ("names", "summary", "portions", "minutes", "steps", "texture", "drink_level", "mixed",
         "protein_grams", "cautions", "not_for_because", "kidney_caution", "drugs_caution",
         "drafted", *_GRADE, *_AUDIENCE),
        methodcaller("with_grounds"),
        _recipe,
    ),
    SignedKind.PROTOCOL: Signable(
        "slug",
        Protocol.objects.all,
        ("names", "summary", "gates", "barred", "milestones", "phase_weeks",
         "review_after_weeks", "training_expires_after_weeks", *_GRADE),
        methodcaller("with_items"),
        _protocol,
        told=False,
    ),
    SignedKind.INSTRUMENT: Signable(
        "code",
        Instrument.objects.all,
        ("names", "about", "scores", "better", "changes", "cut_offs", "licence", "entered_by",
         "reassess_weeks", "earliest_weeks"),
        methodcaller("with_sources"),
        _sources,
        told=False,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """An item's wording and the digest that stands for it."""

    digest: str
    wording: Sequence[Line]


def wordings(kind: str, keys: Iterable[str]) -> dict[str, Said]:
    """Return the wording of these items as it stands now; what is not listed is left out."""
    signable = KINDS[kind]
    rows = signable.grounded(signable.listed().filter(**{f"{signable.key}__in": list(keys)}))
    return {getattr(row, signable.key): Said(row.digest, wording_of(signable, row)) for row in rows}


def wording_of(signable: Signable, row: Any) -> list[Line]:
    """Return everything that a reader of one item meets, line by line."""
    of_row = ((column, getattr(row, column)) for column in signable.columns)
    return [
        line
        for field, value in (*of_row, *signable.more(row))
        for line in _lines(field.removesuffix("_id"), value)
    ]


def _lines(field: str, value: object) -> Iterator[Line]:
    if value is None or value in ("", [], {}):
        return
    if isinstance(value, Mapping):
        if set(value) == set(LANGUAGES) and all(isinstance(each, str) for each in value.values()):
            yield {"field": field, **{each: value[each] for each in LANGUAGES}}
            return
        for name, each in value.items():
            yield from _lines(f"{field}.{name}", each)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value, start=1):
            yield from _lines(f"{field}.{number}", each)
    else:
        said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        yield {"field": field, **dict.fromkeys(LANGUAGES, said)}
