"""Reading a plan, assigning one from a protocol, and revising it."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import DomainError, Invalid, NotVisible
from rehab.actions.from_protocol import draft_from_protocol
from rehab.actions.not_plannable import not_plannable
from rehab.actions.plan_rows import draft_of, stored_items
from rehab.actions.plans import activate_plan, create_plan, revise_plan
from rehab.actions.readiness import gates_of
from rehab.actions.recipients import circles
from rehab.domain.plan_draft import PlanDraft
from rehab.models import Plan
from rehab.models.reads import choices as offered
from rehab.models.reads.names import title_of
from rehab.models.reads.plans import plan_detail, plans_of
from rehab.web.doors import go, page, show
from rehab.web.forms.plan import Choices, PlanForm
from rehab.web.forms.plan_draft import seal, unseal, with_item, with_part
from rehab.web.forms.refusals import put_on_form
from rehab.web.presenters.gates import gate_rows, overrides_from, refused_gates
from rehab.web.presenters.plan import plan_links, plan_page
from rehab.web.presenters.plan_editor import plan_editor
from rehab.web.presenters.problems import problem_lines
from rehab.web.presenters.protocols import protocol_cards
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient, view_plan


@page("GET", "HEAD")
def plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The running plan of a patient; for a clinician also drafts and what came before."""
    viewer = view_patient(request, patient_id, looked_at="plan")
    found = list(plans_of(patient_id))
    running = next((each for each in found if each.status in ("active", "on-hold")), None)
    others = [each for each in found if each is not running]
    return _show_plan(request, viewer, running, others if viewer.is_clinician else [])


@page("GET", "HEAD")
def plan_by_id(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One plan, in the wording of the version asked for."""
    viewer, found = view_plan(request, plan_id, action="see_sessions")
    return _show_plan(request, viewer, found, [], number=_number(request.GET.get("version", "")))


@page("GET", "HEAD", "POST")
def new(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Choose a protocol, then fill in what no source decides."""
    viewer = view_patient(request, patient_id, action="prescribe")
    if request.method == "POST":
        return _edit(request, viewer, None)
    slug = request.GET.get("protocol")
    if not slug:
        context = {
            "viewer": viewer,
            "tabs": tabs_for(viewer, "plan"),
            "protocols": protocol_cards(offered.protocols(), viewer.language),
        }
        return show(request, "rehab/plan_choose.html", context)
    try:
        draft = draft_from_protocol(protocol_slug=slug, language=viewer.language)
    except Invalid as error:
        raise NotVisible from error
    return _show_editor(request, viewer, None, _form(viewer, draft, None))


@page("GET", "HEAD", "POST")
def edit(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Edit a draft, or make the next version of a running plan."""
    viewer, found = view_plan(request, plan_id, action="prescribe")
    if request.method == "POST":
        return _edit(request, viewer, found)
    detail = plan_detail(found)
    draft = draft_of(found, stored_items(detail.version))
    return _show_editor(request, viewer, found, _form(viewer, draft, found))


@page("GET", "HEAD", "POST")
def check(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What stands between a draft and its start: gates to answer, or to let past by name."""
    viewer, found = view_plan(request, plan_id, action="prescribe")
    problems: list[str] = []
    if request.method == "POST":
        try:
            activate_plan(
                by=viewer.user,
                at=viewer.now,
                plan_id=plan_id,
                overrides=overrides_from(request.POST),
            )
        except DomainError as error:
            problems = problem_lines(error, plan_detail(found), viewer.language)
        else:
            messages.success(
                request, _("The plan is active. It appears on the patient's page now.")
            )
            return go(request, reverse("rehab:plan", args=[viewer.patient.pk]))
    detail = plan_detail(found)
    titles = {
        item.series: title_of(item.title, item.exercise.slug)[viewer.language]
        for item in detail.items
    }
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "plan"),
        "page": plan_page(detail, viewer, _people(viewer)),
        "gates": gate_rows(
            gates_of(found, by=viewer.user, at=viewer.now), titles, request.POST, viewer.language
        ),
        "problems": problems,
    }
    return show(request, "rehab/plan_check.html", context, status=422 if problems else 200)


def _show_plan(
    request: HttpRequest,
    viewer: Viewer,
    found: Plan | None,
    others: Sequence[Plan],
    *,
    number: int | None = None,
) -> HttpResponse:
    detail = plan_detail(found, number=number) if found else None
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "plan"),
        "page": plan_page(detail, viewer, _people(viewer)) if detail else None,
        "others": plan_links(others, viewer),
        "may_prescribe": viewer.is_clinician,
        "may_log": viewer.may("log_sessions"),
        "may_manage": viewer.may("manage"),
    }
    return show(request, "rehab/plan.html", context)


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() else None


def _people(viewer: Viewer) -> dict[UUID, str]:
    circle = circles([viewer.patient.pk], at=viewer.now)[viewer.patient.pk]
    return offered.names_of_people(circle.allowed())


def _form(viewer: Viewer, draft: PlanDraft, found: Plan | None, data: object = None) -> PlanForm:
    return PlanForm(
        data,  # type: ignore[arg-type]
        draft=draft,
        choices=Choices(
            exercises=offered.plannable_exercises(viewer.language),
            modality_of=offered.modality_of_exercises(),
            people=[(str(person), name) for person, name in _people(viewer).items()],
        ),
        language=viewer.language,
        revises=found is not None and found.status != "draft",
    )


def _edit(request: HttpRequest, viewer: Viewer, found: Plan | None) -> HttpResponse:
    """Take what the editor sent: one more piece to edit, or a draft to keep."""
    draft = unseal(request.POST.get("base", ""))
    if draft is None:
        messages.warning(request, _("This page was too old to save. Please start again."))
        return go(request, reverse("rehab:plan", args=[viewer.patient.pk]))
    if (grown := _grown(request, viewer, draft)) is not None:
        return _show_editor(
            request, viewer, found, _form(viewer, grown, found, _with_base(request, grown))
        )
    form = _form(viewer, draft, found, request.POST)
    if not form.is_valid():
        return _show_editor(request, viewer, found, form, status=422)
    return _save(request, viewer, found, form)


def _save(request: HttpRequest, viewer: Viewer, found: Plan | None, form: PlanForm) -> HttpResponse:
    edited = form.edited()
    try:
        if found is None:
            found = create_plan(
                by=viewer.user, at=viewer.now, patient_id=viewer.patient.pk, draft=edited.draft
            )
        else:
            overrides = overrides_from(request.POST)
            revise_plan(
                by=viewer.user,
                at=viewer.now,
                plan_id=found.pk,
                draft=edited.draft,
                overrides=overrides,
            )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        put_on_form(form, error, name_of=edited.field_name, sentence_of=edited.sentence)
        gates = refused_gates(error, edited.draft, request.POST, viewer.language)
        return _show_editor(request, viewer, found, form, gates=gates, status=422)
    if found.status == "draft":
        messages.success(request, _("The draft is kept. Check it, then let it start."))
        return go(request, reverse("rehab:plan-check", args=[found.pk]))
    messages.success(
        request, _("The new version is in force. What was done before stays as it was.")
    )
    return go(request, reverse("rehab:plan", args=[viewer.patient.pk]))


def _grown(request: HttpRequest, viewer: Viewer, draft: PlanDraft) -> PlanDraft | None:
    """The draft with the exercise or the part that was just added to it.

    "slots" adds nothing: the page comes again with a field for each time that was typed.
    """
    pressed = request.POST.get("grow", "")
    if pressed == "slots":
        return draft
    exercises, modality_of = (
        dict(offered.plannable_exercises(viewer.language)),
        offered.modality_of_exercises(),
    )
    if pressed == "item":
        slug = request.POST.get("add_item", "")
        if slug not in exercises:
            _say_why_not(request, slug)
            return draft
        return with_item(
            draft, slug, reference.modalities()[modality_of[slug]], offered.names_of_exercise(slug)
        )
    if pressed.isdigit() and int(pressed) < len(draft.items):
        slug = request.POST.get(f"i{pressed}-add", "")
        if slug not in exercises:
            _say_why_not(request, slug)
            return draft
        return with_part(draft, int(pressed), slug)
    return None


def _say_why_not(request: HttpRequest, slug: str) -> None:
    """Name what cannot be added, and why: a drug, surgery, research, or only to be recorded."""
    if refused := not_plannable({slug} - {""}).get(slug):
        messages.warning(request, _(refused.sentence) % {"name": refused.name})


def _with_base(request: HttpRequest, draft: PlanDraft) -> object:
    data = request.POST.copy()
    data["base"] = seal(draft)
    data["add_item"] = ""
    return data


def _show_editor(
    request: HttpRequest,
    viewer: Viewer,
    found: Plan | None,
    form: PlanForm,
    *,
    gates: Sequence[object] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "plan"),
        "editor": plan_editor(form, offered.ranges_of(form.draft.protocol)),
        "plan": found,
        "gates": gates,
        "is_running": found is not None and found.status != "draft",
    }
    return show(request, "rehab/plan_edit.html", context, status=status)
