"""Recording what was eaten, drunk and weighed: an allergen is a caution and never a refusal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exercises import reference
from exercises.models import Recipe
from patients.access.decisions import Decision, decide
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError
from patients.models.user import User
from rehab import rules
from rehab.actions.answers import RaisedFlag
from rehab.actions.findings import as_error
from rehab.actions.flags import FlagDesk
from rehab.actions.gatekeeping import profile_of
from rehab.actions.judging import symptom_faults, zone_faults
from rehab.actions.keeping import (
    Desk,
    Kept,
    change,
    desk_to_correct,
    keep,
    moved,
    open_desk,
    recorded,
    said_before,
    say_why,
    standing,
    withdraw,
)
from rehab.actions.measured_trends import weight_facts
from rehab.actions.surroundings import current_profile
from rehab.actions.texts import text_faults
from rehab.actions.typed_values import disagree, typed_disagrees
from rehab.domain.conditions import Facts
from rehab.domain.diet import Caution, DietEntry, diet_findings, worst_severity
from rehab.domain.facts import profile_facts
from rehab.domain.identity import fingerprint
from rehab.domain.measures import is_number
from rehab.domain.receipt import judge_performed_at
from rehab.domain.typed import UnreadableMeasure, parse_typed
from rehab.models import DietLog, DietLogAmendment, RecordChange
from rehab.models.reads.cautions import Eaten, cautions_about
from rehab.models.reads.diet import last_weight

MOST_DISHES = 40
LONGEST_TYPED = 40


@dataclass(frozen=True, slots=True)
class KeptDiet:
    """What became of an entry, and what there is to know about what was eaten."""

    kept: Kept
    cautions: tuple[Caution, ...] = ()


def log_diet(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, entry: DietEntry
) -> KeptDiet:
    """Keep what was eaten; sending it again changes nothing. Red flags are judged first."""
    with within_clinics(by.clinic_ids):
        desk = open_desk(by, at, patient_id, entry.performed_at)
        entry = _with_weight(entry)
        refused, unusual = _judged(entry, desk, log_id)
        printed = b"" if refused else fingerprint(_clinical(entry))
        if (known := said_before(DietLog, desk, log_id, printed)) is not None:
            return KeptDiet(known, _cautions(entry, desk) if known.status == 200 else ())
        left = _left(unusual, entry)
        stored = not refused and not left
        cautions = _cautions(entry, desk)
        flags = _raise_flags(desk, log_id, entry, cautions, counted=stored)
        if not stored:
            state = "refused" if refused else "confirm_required"
            return KeptDiet(Kept(log_id, 422, state, errors=refused or left, flags=flags))
        row = keep(
            DietLog,
            desk,
            log_id,
            performed_at=entry.performed_at,
            zone=entry.zone,
            printed=printed,
            values=_columns(entry, cautions),
            unusual=bool(unusual),
        )
        desk.note("diet.log", "diet_log", row.id, cautions=len(cautions), status=row.status)
        return KeptDiet(recorded(row, flags=flags), cautions)


def amend_diet(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, entry: DietEntry, reason: str
) -> KeptDiet:
    """Put another version in place of an entry; the earlier one stays readable."""
    with within_clinics(by.clinic_ids):
        desk = desk_to_correct(by, at, patient_id)
        say_why(reason)
        row = standing(DietLog, desk, log_id)
        entry = _with_weight(entry)
        refused, unusual = _judged(entry, desk, log_id)
        left = _left(unusual, entry)
        stored = not refused and not left
        cautions = _cautions(entry, desk)
        flags = _raise_flags(desk, log_id, entry, cautions, counted=stored)
        if not stored:
            state = "refused" if refused else "confirm_required"
            return KeptDiet(Kept(log_id, 422, state, errors=refused or left, flags=flags))
        values = {**moved(entry.performed_at, entry.zone), **_columns(entry, cautions)}
        if all(getattr(row, name) == value for name, value in values.items()):
            return KeptDiet(Kept(log_id, 200, "unchanged", flags=flags), cautions)
        change(row, desk, DietLogAmendment, RecordChange.AMEND, reason, values)
        desk.note("diet.amend", "diet_log", row.id, revision=row.revision)
        return KeptDiet(Kept(log_id, 200, "amended", flags=flags), cautions)


def retract_diet(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, reason: str
) -> KeptDiet:
    """Mark an entry as entered in error: it counts in no sum."""
    with within_clinics(by.clinic_ids):
        desk = desk_to_correct(by, at, patient_id)
        reply = withdraw(DietLog, DietLogAmendment, desk, log_id, reason)
        if reply.state == "retracted":
            desk.note("diet.retract", "diet_log", log_id)
        return KeptDiet(reply)


def _with_weight(entry: DietEntry) -> DietEntry:
    """Read a weight that was typed with its unit; what cannot be read is refused by name."""
    if entry.weight_kg is not None or not entry.weight_typed.strip():
        return entry
    try:
        return replace(entry, weight_kg=parse_typed(entry.weight_typed, "kg").value)
    except UnreadableMeasure:
        return replace(entry, weight_kg=entry.weight_typed)


def _judged(
    entry: DietEntry, desk: Desk, log_id: UUID
) -> tuple[tuple[FieldError, ...], tuple[FieldError, ...]]:
    before = last_weight(desk.patient.id, besides=log_id) if entry.weight_kg is not None else None
    found = list(diet_findings(entry, rules.diet(), last_weight_kg=before))
    refused = [as_error(each) for each in found if each.severity == "refuse"]
    refused += [*_disagreeing(entry), *_faults(entry, desk.at)]
    unusual = tuple(as_error(each) for each in found if each.severity == "confirm")
    return tuple(refused), unusual


def _disagreeing(entry: DietEntry) -> Iterator[FieldError]:
    """Ask back where a weight and the text beside it are not the same."""
    if not is_number(entry.weight_kg) or not entry.weight_typed.strip():
        return
    try:
        read = parse_typed(entry.weight_typed, "kg").value
    except UnreadableMeasure:
        return
    if disagree(read, entry.weight_kg):
        yield typed_disagrees("weight_typed", entry.weight_typed, entry.weight_kg)


def _faults(entry: DietEntry, at: datetime) -> Iterator[FieldError]:
    if future := judge_performed_at(entry.performed_at, at):
        yield as_error(future, path="performed_at")
    yield from zone_faults(entry.zone)
    yield from text_faults({"text": entry.text, "note": entry.note})
    yield from text_faults({"weight_typed": entry.weight_typed}, longest=LONGEST_TYPED)
    yield from symptom_faults(entry.symptoms)
    yield from _unknown(entry)


def _unknown(entry: DietEntry) -> Iterator[FieldError]:
    """A food that the catalogue lacks goes into the words."""
    if len(entry.foods) + len(entry.recipes) > MOST_DISHES:
        yield FieldError("foods", "too_many", _("Name fewer foods in one entry."))
        return
    recipes = set()
    if entry.recipes:
        found = Recipe.objects.filter(slug__in=entry.recipes)
        recipes = set(found.values_list("slug", flat=True))
    for name, given, known in (
        ("foods", entry.foods, reference.foods()),
        ("recipes", entry.recipes, recipes),
    ):
        for place, code in enumerate(given):
            if code not in known:
                yield FieldError(
                    f"{name}.{place}",
                    "unknown_food",
                    _("This is not in the list. Say it in your own words."),
                )


def _left(unusual: Sequence[FieldError], entry: DietEntry) -> tuple[FieldError, ...]:
    return tuple(
        each
        for each in unusual
        if each.code not in entry.confirmed and f"{each.field}:{each.code}" not in entry.confirmed
    )


def _cautions(entry: DietEntry, desk: Desk) -> tuple[Caution, ...]:
    tells = decide(desk.authority, desk.patient.id, "see_conditions", desk.at)
    return cautions_about(
        desk.patient.id,
        Eaten(foods=entry.foods, recipes=entry.recipes, text=entry.text),
        language=language_now(),
        tells_conditions=tells is Decision.ALLOWED,
    )


def language_now() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-Hans"


def _raise_flags(
    desk: Desk,
    log_id: UUID,
    entry: DietEntry,
    cautions: tuple[Caution, ...],
    *,
    counted: bool,
) -> tuple[RaisedFlag, ...]:
    flags = FlagDesk(patient=desk.patient, at=desk.at)
    profile = profile_of(current_profile(desk.patient.id))
    weighed = weight_facts(
        desk.patient.id,
        entry.weight_kg,
        performed_at=entry.performed_at,
        zone=entry.zone,
        besides=log_id,
    )
    facts = {**_facts(entry, profile_facts(profile), cautions), **weighed}
    raised = flags.judge_event(log_id, facts, entry.performed_at, counted=counted)
    flags.settle()
    return raised


def _facts(entry: DietEntry, of_profile: Facts, cautions: tuple[Caution, ...]) -> Facts:
    return {
        **of_profile,
        **{f"symptom.{code}": "yes" for code in entry.symptoms},
        "weight_kg": entry.weight_kg if is_number(entry.weight_kg) else None,
        **eaten_facts(cautions),
    }


def eaten_facts(cautions: tuple[Caution, ...]) -> dict[str, str | None]:
    """Return what the rules may look at in the cautions: how serious the worst of each kind is."""
    return {
        "allergen_eaten": worst_severity(cautions, "allergen"),
        "interaction": worst_severity(cautions, "interaction"),
    }


def _clinical(entry: DietEntry) -> Mapping[str, object]:
    return {name: value for name, value in asdict(entry).items() if name != "confirmed"}


def _columns(entry: DietEntry, cautions: tuple[Caution, ...]) -> dict[str, object]:
    return {
        "text": entry.text.strip(),
        "foods": list(entry.foods),
        "recipes": list(entry.recipes),
        "protein_g": entry.protein_g,
        "fluids_ml": entry.fluids_ml,
        "weight_kg": entry.weight_kg,
        "weight_typed": entry.weight_typed.strip(),
        "symptoms": list(entry.symptoms),
        "note": entry.note.strip(),
        "cautions": [
            {"kind": each.kind, "code": each.code, "severity": each.severity} for each in cautions
        ],
        "confirmed": list(entry.confirmed),
    }
