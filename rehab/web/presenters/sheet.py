"""The session form as it is laid out: the plan's value beside each field, never inside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from exercises import reference
from rehab.actions.answers import Answer
from rehab.models.reads.due import DuePart
from rehab.web.forms.session import SessionForm, field_name
from rehab.web.presenters import doses, words
from rehab.web.viewing import Viewer

# Asked for beside every part, prescribed or not; the rest of what may be recorded is folded away.
ALWAYS_ASKED = frozenset({"reach", "landmark", "contraction_seen", "dizziness", "body_position"})
# Asked for its numbers whatever the answer; other questions ask when the answer stops training.
MEASURED_ANYWAY = frozenset({"pressure_before"})
# An angle is measured by those who were shown how; everybody else says less, the same or more.
FOLDED = frozenset({"end_angle_degrees", "start_angle_degrees"})


@dataclass(frozen=True, slots=True)
class Hinted:
    """A field and what the plan says about it."""

    field: BoundField
    hint: str


@dataclass(frozen=True, slots=True)
class GateOption:
    tag: str
    id: str
    label: str
    stops: bool


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate question. An answer that stops training shows the warning below it."""

    field: BoundField
    options: Sequence[GateOption]
    numbers: Sequence[Hinted]
    has_stops: bool
    numbers_if_stops: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the drawing of a part shows, and where the plan lets the movement end."""

    modality: str
    motion: str
    muscle: str
    side: str
    end_degrees: float | None


@dataclass(frozen=True, slots=True)
class PartBlock:
    number: int
    drawn: Drawn
    title: str
    dose: str
    is_paused: bool
    outcome: BoundField
    pain: BoundField | None
    main: Sequence[Hinted]
    more: Sequence[Hinted]
    is_open: bool


@dataclass(frozen=True, slots=True)
class SymptomGroup:
    label: str
    options: Sequence[BoundField]


@dataclass(frozen=True, slots=True)
class Unusual:
    """One value to look at again; `code` is sent back when a person says that it is right."""

    label: str
    detail: str
    code: str
    anchor: str


@dataclass(frozen=True, slots=True)
class SessionSheet:
    title: str
    subtitle: str
    instruction: str
    is_stimulation: bool
    form: SessionForm
    before: Sequence[GateRow]
    parts: Sequence[PartBlock]
    session: Sequence[Hinted]
    more: Sequence[Hinted]
    more_open: bool
    after: Sequence[GateRow]
    symptoms: Sequence[SymptomGroup]
    symptoms_open: bool
    unusual: Sequence[Unusual]
    is_refused: bool
    reason: BoundField | None
    who: str
    who_open: bool


def session_sheet(form: SessionForm, answer: Answer | None, viewer: Viewer) -> SessionSheet:
    item = form.prescribed.item
    session = [] if form.quick else list(_session(form))
    asked = answer is not None and answer.state == "confirm_required"
    return SessionSheet(
        title=item.title,
        subtitle=_subtitle(form),
        instruction=item.instruction,
        is_stimulation=form.modality.physics is not None,
        form=form,
        before=list(_gate(form, "before")),
        parts=[]
        if form.quick
        else [_part(form, place) for place in range(len(form.prescribed.parts))],
        session=[each for each in session if _is_asked(each)],
        more=[each for each in session if not _is_asked(each)],
        more_open=any(
            each.field.value() or each.field.errors for each in session if not _is_asked(each)
        ),
        after=list(_gate(form, "end")),
        symptoms=[] if form.quick else list(_symptoms(form)),
        symptoms_open=bool(form["symptoms"].value()) if "symptoms" in form.fields else False,
        unusual=list(_unusual(form, answer)) if asked and answer else [],
        is_refused=bool(form.errors),
        reason=form["reason"] if "reason" in form.fields else None,
        who=_who(form),
        who_open=form["when"].value() == "earlier" or bool(form.errors),
    )


def _gate(form: SessionForm, moment: str) -> Iterator[GateRow]:
    for code in form.gate_codes:
        question = reference.gate_questions()[code]
        if question.moment != moment:
            continue
        stops = {
            answer.code
            for answer in question.answers
            if not answer.starts and answer.code != "not_looked"
        }
        field = form[f"gate-{code}"]
        options = [
            GateOption(
                each.tag(), each.id_for_label, each.choice_label, each.data["value"] in stops
            )
            for each in field
        ]
        numbers = [Hinted(form[f"s-{name}"], "") for name in form.numbers_of(code)]
        yield GateRow(field, options, numbers, bool(stops), code not in MEASURED_ANYWAY)


def _part(form: SessionForm, place: int) -> PartBlock:
    part = form.prescribed.parts[place]
    names = [*form.part_fields, *form.part_choices(part.motion)]
    main = [code for code in names if _is_main(code, part.dose, form)]
    more = [code for code in names if code not in main and code != "pain"]
    hinted = {
        code: Hinted(form[f"p{place}-{code}"], _plan_says(form, code, part.dose, part.maximum))
        for code in names
    }
    return PartBlock(
        number=place,
        drawn=Drawn(
            form.modality.code, part.motion, part.muscle, part.side or "none", _end_of(part)
        ),
        title=part.label or form.prescribed.item.title,
        dose=doses.dose_line(part.dose, part.maximum, form.language),
        is_paused=part.paused,
        outcome=form[f"p{place}-outcome"],
        pain=form[f"p{place}-pain"] if "pain" in names else None,
        main=[hinted[code] for code in main],
        more=[hinted[code] for code in more],
        is_open=any(hinted[code].field.errors or hinted[code].field.value() for code in more),
    )


def _end_of(part: DuePart) -> float | None:
    """The plan's maximum; its target where it sets no maximum."""
    return part.maximum.get("end_angle_degrees", part.dose.get("end_angle_degrees"))


def _is_main(code: str, dose: dict, form: SessionForm) -> bool:  # type: ignore[type-arg]
    if code == "pain" or (code in FOLDED and not form.clinician):
        return False
    if code in ALWAYS_ASKED:
        return True
    # How often and how long is folded away where hands do the work; settings of a device are not.
    return code in dose and (form.clinician or form.modality.part_kind != "motion")


def _session(form: SessionForm) -> Iterator[Hinted]:
    item = form.prescribed.item
    collected = {f"s-{name}" for code in form.gate_codes for name in form.numbers_of(code)}
    for name in form.fields:
        if name == "minutes" or (name.startswith("s-") and name not in collected):
            code = name.removeprefix("s-")
            yield Hinted(form[name], _plan_says(form, code, item.target, item.maximum))


def _is_asked(each: Hinted) -> bool:
    """What the plan sets, and how long it took; the rest may be recorded and is folded away."""
    return bool(each.hint) or each.field.name == "minutes"


def _plan_says(form: SessionForm, code: str, dose: object, maximum: object) -> str:
    planned, most = dose.get(code), maximum.get(code)  # type: ignore[attr-defined]
    said = [
        _("Plan: %(amount)s") % {"amount": doses.said(code, planned, form.language)}
        if planned is not None
        else "",
        _("at most %(amount)s") % {"amount": doses.with_unit(code, most)}
        if most is not None
        else "",
    ]
    return ", ".join(filter(None, said))


def _symptoms(form: SessionForm) -> Iterator[SymptomGroup]:
    groups: dict[str, list[BoundField]] = {}
    for option in form["symptoms"]:
        group = reference.symptoms()[option.data["value"]].group
        groups.setdefault(group, []).append(option)
    for group, options in groups.items():
        yield SymptomGroup(str(words.SYMPTOM_GROUPS.get(group, group)), options)


def _unusual(form: SessionForm, answer: Answer) -> Iterator[Unusual]:
    for error in answer.errors:
        name = field_name(error.field)
        known = name in form.fields
        yield Unusual(
            label=_label(form, name) if known else "",
            detail=error.detail,
            code=f"{error.field}:{error.code}",
            anchor=form[name].id_for_label if known else "",
        )


def _label(form: SessionForm, name: str) -> str:
    """The field by name, with the part it belongs to."""
    place, _dash, _code = name.partition("-")
    parts = form.prescribed.parts
    if place.startswith("p") and place[1:].isdigit() and int(place[1:]) < len(parts):
        return f"{parts[int(place[1:])].label}: {form[name].label}"
    return str(form[name].label)


def _who(form: SessionForm) -> str:
    """Who did it and when, as it will be recorded unless somebody changes it."""
    options = dict(form.fields["performer"].choices)
    when = _("just now") if form["when"].value() == "now" else _("earlier")
    return _("%(who)s, %(when)s. Change this?") % {
        "who": options.get(form["performer"].value(), ""),
        "when": when,
    }


def _subtitle(form: SessionForm) -> str:
    """The kind of treatment, unless the title says it already."""
    label = form.modality.labels[form.language]
    return "" if label == form.prescribed.item.title else label
