"""What must agree between the sheets. Each check yields errors that name the place."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from exercises.sheets.diet import OtherNames
from exercises.sheets.diet_checks import check_diet
from exercises.sheets.drawing_checks import check_drawings
from exercises.sheets.guidance_checks import check_conflicts, check_guidance, check_reading
from exercises.sheets.instrument_checks import check_instruments
from exercises.sheets.left_behind import check_left_behind
from exercises.sheets.library import KINDS, Library, Placed, fingerprint, read_library
from exercises.sheets.placing import cited, known
from exercises.sheets.protocol_checks import check_protocols
from exercises.sheets.reading import BrokenContentError, ContentError
from exercises.sheets.walking import citations, texts

HAN = re.compile(r"[\u3400-\u9fff]")
SAYS_NONE = re.compile(r"\b(no|not|none|without|neither|nor|unknown)\b", re.IGNORECASE)
CITING = (
    *("precautions", "contraindications", "exercises", "protocols", "guidance", "time_windows"),
    *("conflicts", "allergens", "foods", "recipes", "interactions", "instruments"),
)
"""Shelves of which every item names a source."""
TOLD = ("guidance", "foods", "recipes")


def read_sound_library(root: Path) -> Library:
    """Read the content below `root`; BrokenContentError unless all of it is sound.

    The same sheets are not checked twice by one process. Nobody changes what is returned.
    """
    return _sound(root, fingerprint(root))


@lru_cache(maxsize=2)
def _sound(root: Path, _fingerprint: str) -> Library:
    library = read_library(root)
    errors = list(problems(library))
    if errors:
        raise BrokenContentError(errors)
    return library


def problems(library: Library) -> Iterator[ContentError]:
    yield from check_languages(library)
    yield from check_terms(library)
    yield from check_citations(library)
    yield from check_precautions(library)
    yield from check_exercises(library)
    yield from check_protocols(library)
    yield from check_evidence(library)
    yield from check_guidance(library)
    yield from check_conflicts(library)
    yield from check_diet(library)
    yield from check_instruments(library)
    yield from check_drawings(library)
    yield from check_reading(library)
    yield from check_left_behind(library)


def check_languages(library: Library) -> Iterator[ContentError]:
    """English holds no Chinese character; Chinese holds one, unless it is a bare name or sign."""
    for shelf in KINDS:
        for placed in getattr(library, shelf).values():
            for path, text in texts(placed.item):
                if HAN.search(text.en):
                    yield placed.error(f"{path}.en", "holds Chinese characters")
                if not HAN.search(text.zh_hans):
                    yield placed.error(f"{path}.zh-Hans", "holds no Chinese character")
            names = getattr(placed.item, "other_names", OtherNames())
            if any(HAN.search(name) for name in names.en):
                yield placed.error("other_names.en", "holds Chinese characters")


def check_terms(library: Library) -> Iterator[ContentError]:
    for field in library.dose_fields.values():
        yield from _ordered(field)
    for modality in library.modalities.values():
        item = modality.item
        used = [use.code for use in item.fields]
        yield from known(modality, "fields", used, library.dose_fields)
        yield from known(modality, "limits", item.limits, dict.fromkeys(used))
        yield from known(modality, "choice_fields", item.choice_fields, library.choice_fields)
        questions = (*item.gate_questions, *item.gate_questions_where_insensate)
        yield from known(modality, "gate_questions", questions, library.gate_questions)
    for question in library.gate_questions.values():
        yield from known(question, "fields", question.item.fields, library.dose_fields)
    for reason in (*library.skip_reasons.values(), *library.stop_reasons.values()):
        yield from known(reason, "asks_about", reason.item.asks_about, library.symptoms)
        meant = [code for code in (reason.item.as_stop_reason,) if code]
        yield from known(reason, "as_stop_reason", meant, library.stop_reasons)
        meant = [code for code in (reason.item.as_symptom,) if code]
        yield from known(reason, "as_symptom", meant, library.symptoms)


def check_citations(library: Library) -> Iterator[ContentError]:
    for shelf in CITING:
        for placed in getattr(library, shelf).values():
            if not placed.item.citations:
                yield placed.error("citations", "names no source")
            for citation in citations(placed.item):
                yield from cited(placed, citation, library)


def check_evidence(library: Library) -> Iterator[ContentError]:
    """Only people are counted; what a document found in people has a number or says it has none."""
    for shelf in ("exercises", "protocols", *TOLD):
        for placed in getattr(library, shelf).values():
            evidence = placed.item.evidence
            human = evidence.kind.startswith("human-")
            if evidence.n is not None and not human:
                yield placed.error("evidence.n", f"counts people, but the kind is {evidence.kind}")
            counted = evidence.n is not None or SAYS_NONE.search(evidence.detail.en)
            if human and not counted and shelf in TOLD:
                yield placed.error("evidence.n", "is missing, and detail.en does not say so")


def check_precautions(library: Library) -> Iterator[ContentError]:
    for precaution in library.precautions.values():
        conditions = precaution.item.conditions
        yield from known(precaution, "conditions", conditions, library.conditions)
    for bar in library.contraindications.values():
        yield from known(bar, "condition", [bar.item.condition], library.conditions)
        yield from known(bar, "modalities", bar.item.modalities, library.modalities)


def check_exercises(library: Library) -> Iterator[ContentError]:
    for placed in library.exercises.values():
        item = placed.item
        yield from known(placed, "modality", [item.modality], library.modalities)
        yield from known(placed, "motion", [item.motion] if item.motion else [], library.motions)
        muscles = [code for code in (item.muscle, *item.other_muscles) if code]
        yield from known(placed, "muscle", muscles, library.muscles)
        yield from known(placed, "precautions", item.precautions, library.precautions)
        for name in ("steps", "stop_at", "performed_by"):
            if not getattr(item, name):
                yield placed.error(name, "is empty")
        modality = library.modalities.get(item.modality)
        if modality and modality.item.part_kind == "motion" and item.motion is None:
            yield placed.error("motion", "is missing")
        if modality and modality.item.part_kind == "muscle" and item.muscle is None:
            yield placed.error("muscle", "is missing")


def _ordered(placed: Placed) -> Iterator[ContentError]:
    item = placed.item
    limits = [item.hard_min, item.soft_min, item.soft_max, item.hard_max]
    given = [value for value in limits if value is not None]
    if given != sorted(given):
        yield placed.error("hard_min", f"ranges are out of order: {given}")
