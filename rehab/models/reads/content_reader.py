"""For whom content is read: the body it must fit, and what the person who reads may know of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from exercises import reference
from exercises.models import Interaction
from patients.access.authority import Authority
from patients.domain.errors import NotVisible
from patients.models import Clinic
from rehab import rules
from rehab.domain.content_fit import Allergy, BodyFacts, Fit, bare_allergy, fit_of, named_in, pieces
from rehab.models.amendment import RecordStatus
from rehab.models.nutrition import NutritionPlan
from rehab.models.profile import ClinicalProfile
from rehab.models.reads.profile import profile_in_force
from rehab.models.substance import TakenSubstance


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One person who reads content for one patient.

    fit: the same for everybody who reads for this patient. scopes: what this person may see.
    avoided: codes of foods and substances that the patient's drugs must not meet.
    told: code of a food or substance -> sentences about it and the patient's drugs.
    together: sentences about the things that the patient takes beside each other.
    """

    patient_id: UUID
    clinic_id: UUID
    scopes: frozenset[str]
    is_clinician: bool
    signature_needed: bool
    fit: Fit
    avoided: frozenset[str]
    told: Mapping[str, tuple[Mapping[str, str], ...]]
    together: tuple[Mapping[str, str], ...]
    language: str

    @property
    def audience(self) -> str:
        return "clinician" if self.is_clinician else "patient"

    def may(self, scope: str) -> bool:
        return scope in self.scopes


def reader_of(authority: Authority, *, at: datetime, language: str) -> Reader:
    """Return the reader whom an authority about one patient describes: four statements at most.

    Runs inside the wall, after somebody has judged that the patient may be seen at all.
    """
    subject = authority.subject
    if subject is None:
        raise NotVisible
    patient_id = subject.patient_id
    fit = fit_of(body_facts(patient_id))
    met = _interactions(fit)
    return Reader(
        patient_id=patient_id,
        clinic_id=subject.clinic_id,
        scopes=authority.scopes_for(patient_id, at),
        is_clinician=authority.is_clinician_of(patient_id, at),
        signature_needed=Clinic.objects.values_list("requires_signature", flat=True).get(
            pk=subject.clinic_id
        ),
        fit=fit,
        avoided=met.avoided,
        told=met.told,
        together=met.together,
        language=language,
    )


def body_facts(patient_id: UUID) -> BodyFacts:
    """Return what is recorded of a body, from the profile and the nutrition plan in force."""
    profile = profile_in_force(patient_id)
    ordered = (
        NutritionPlan.objects.filter(patient_id=patient_id)
        .order_by("-number")
        .values_list("food_level", "drink_level")
        .first()
    ) or (None, None)
    substances = reference.substances()
    return BodyFacts(
        conditions=_conditions(profile),
        allergies_known=profile.allergies_known,
        allergies=tuple(_allergies(profile)),
        food_levels=_given(profile.swallowing_food, ordered[0]),
        drink_levels=_given(profile.swallowing_drink, ordered[1]),
        mixed_textures=profile.mixed_textures,
        kidney=profile.kidney,
        drugs_known=profile.drugs_known,
        drugs=tuple(_drugs([*profile.drugs, *_taken(patient_id)])),
        drug_groups={code: each.group for code, each in substances.items() if each.group},
        innervation=profile.innervation,
        barred=[str(each.get("exercise", "")) for each in profile.barred],
        swallowing_conditions=[
            code for code, each in reference.conditions().items() if each.swallowing_at_risk
        ],
    )


def _conditions(profile: ClinicalProfile) -> set[str]:
    """Conditions by code, and those that a gate question was answered "yes" about."""
    found = {str(each["code"]) for each in profile.conditions}
    for question in rules.questions():
        if profile.answers.get(question.code) == "yes":
            found |= set(question.conditions)
    if profile.spinal_cord_injury == "yes":
        found.add("spinal_cord_injury")
    return found


def _allergies(profile: ClinicalProfile) -> Iterator[Allergy]:
    """Allergies by code; typed words that name a class or a food of the catalogue count as it."""
    for stored in profile.allergies:
        severity = str(stored.get("severity") or "unknown")
        if code := str(stored.get("code") or ""):
            yield Allergy(code=code, severity=severity)
        for typed in pieces(str(stored.get("text") or "")):
            bare = bare_allergy(typed)
            codes = named_in(typed, names_of_foods()) or named_in(bare, names_of_foods())
            for code in codes:
                yield Allergy(code=code, severity=severity)
            if not codes:
                yield Allergy(text=bare, severity=severity)


def _taken(patient_id: UUID) -> Iterable[Mapping[str, object]]:
    """What is recorded as taken, and not as ended, beside the profile."""
    rows = TakenSubstance.objects.filter(
        patient_id=patient_id, status=RecordStatus.RECORDED, until__isnull=True
    )
    return rows.order_by("performed_at").values("code", "text")


def _drugs(listed: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Codes of what is taken; typed words that name a substance of the catalogue count as it."""
    for stored in listed:
        if code := str(stored.get("code") or ""):
            yield code
        for typed in pieces(str(stored.get("text") or "")):
            yield from named_in(typed, names_of_substances())


@lru_cache(maxsize=1)
def names_of_foods() -> Mapping[str, Sequence[str]]:
    codes = (*reference.allergens(), *reference.foods())
    return {code: names_of(code) for code in codes}


@lru_cache(maxsize=1)
def names_of_substances() -> Mapping[str, Sequence[str]]:
    return {
        code: [
            each.labels["zh-Hans"],
            each.labels["en"],
            *each.other_names.zh_hans,
            *each.other_names.en,
        ]
        for code, each in reference.substances().items()
    }


def names_of(code: str) -> list[str]:
    """Every name of a class of allergen or of a food, in both languages; [] for another code."""
    allergens, foods = reference.allergens(), reference.foods()
    if code in allergens:
        labels, others = allergens[code].labels, allergens[code].other_names
    elif code in foods:
        labels, others = foods[code].names, foods[code].other_names
    else:
        return []
    return [labels["zh-Hans"], labels["en"], *others.zh_hans, *others.en]


def _given(*levels: int | None) -> tuple[int, ...]:
    return tuple(level for level in levels if level is not None)


@dataclass(frozen=True, slots=True)
class _Met:
    """What the catalogue says about the patient's drugs, herbs and supplements."""

    avoided: frozenset[str] = frozenset()
    told: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    together: tuple[Mapping[str, str], ...] = ()


def _interactions(fit: Fit) -> _Met:
    if not fit.substances:
        return _Met()
    avoided: set[str] = set()
    told: dict[str, list[Mapping[str, str]]] = {}
    together: list[Mapping[str, str]] = []
    for each in Interaction.objects.current().naming(fit.substances).in_order():
        if {each.one, each.other} <= fit.substances:
            together.append(each.names)
        for mine, other in ((each.one, each.other), (each.other, each.one)):
            if mine in fit.substances:
                told.setdefault(other, []).append(each.names)
                if each.severity == "avoid":
                    avoided.add(other)
    return _Met(
        frozenset(avoided),
        {code: tuple(texts) for code, texts in told.items()},
        tuple(together),
    )
