"""Content for a clinic's own people: what is signed, what changed, and signing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patients.access.authority import Authority
from patients.actions.clinics import edit_clinic
from patients.domain.errors import DomainError, Invalid, NotVisible
from patients.models import Clinic, User
from patients.models.authority import authority_of
from rehab.actions.signing import Read, sign_content, withdraw_signature
from rehab.models import ContentSignature
from rehab.models.reads.cursors import InOrder, place_in
from rehab.models.reads.sign_off import (
    Queue,
    QueueItem,
    queue_item,
    queue_of,
    wording_beside_signed,
)
from rehab.models.reads.signable import KINDS, Said, wordings
from rehab.web.doors import go, page, show
from rehab.web.forms.content import QueueFilter
from rehab.web.forms.refusals import said
from rehab.web.presenters.content_tabs import content_sections
from rehab.web.presenters.sign_off import item_page, item_url, queue_page
from rehab.web.presenters.tabs import tabs_without_patient
from rehab.web.viewing import language_now

# Each row carries its whole wording in both languages.
ROWS = 10


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody with a post, in one of their clinics."""

    user: User
    authority: Authority
    clinic: Clinic
    clinics: Sequence[Clinic]
    language: str

    @property
    def is_coordinator(self) -> bool:
        return self.clinic.pk in self.authority.coordinated_clinics(timezone.now())


def office(request: HttpRequest) -> Office:
    """Open a clinic's content for somebody who works there; NotVisible for everybody else."""
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    clinics = list(Clinic.objects.worked_in_by(user, now))
    wanted = request.POST.get("clinic") or request.GET.get("clinic") or ""
    chosen = [each for each in clinics if not wanted or str(each.pk) == wanted]
    if not chosen:
        raise NotVisible
    return Office(user, authority_of(user, at=now), chosen[0], clinics, language_now())


@page("GET", "HEAD")
def queue(request: HttpRequest) -> HttpResponse:
    """What the clinic can sign, what it has signed, and what changed since."""
    desk = office(request)
    form = QueueFilter(request.GET)
    asked = form.asked()
    found = queue_of(desk.clinic.pk, **asked, after=_place(request), limit=ROWS)
    context = {
        **frame(desk, "sign-off"),
        "form": form,
        "is_narrowed": form.is_narrowed,
        "page": queue_page(found, _said(found), desk.clinic, desk.language, _address(request)),
        "here": request.get_full_path(),
        "may_require": desk.is_coordinator,
    }
    return show(request, "rehab/content/queue.html", context)


@page("GET", "HEAD")
def item(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """One item: what changed since the clinic last signed it, and the whole wording."""
    desk = office(request)
    found = queue_item(desk.clinic.pk, kind, slug) if kind in KINDS else None
    if found is None:
        raise NotVisible
    beside = wording_beside_signed(desk.clinic.pk, found)
    context = {
        **frame(desk, "sign-off"),
        "page": item_page(beside, desk.clinic, desk.language),
        "here": request.get_full_path(),
        "next_url": _next_url(desk, found),
    }
    return show(request, "rehab/content/item.html", context)


@page("POST")
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the items that were ticked, or everything that a page showed."""
    desk = office(request)
    items = _read_items(request.POST.getlist("shown" if "all" in request.POST else "item"))
    try:
        sign_content(by=desk.user, at=timezone.now(), clinic_id=desk.clinic.pk, items=items)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.warning(request, said(error))
        return go(request, _back(request, desk))
    messages.success(
        request,
        ngettext("%(many)s item is signed.", "%(many)s items are signed.", len(items))
        % {"many": len(items)},
    )
    return go(request, _onward(request, desk))


@page("POST")
def withdraw(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """Take a signature back."""
    user: User = request.user  # type: ignore[assignment]
    signature = ContentSignature.objects.filter(pk=signature_id).first()
    if signature is None:
        raise NotVisible
    try:
        withdraw_signature(by=user, at=timezone.now(), signature_id=signature_id)
        messages.success(request, _("The signature is withdrawn."))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.info(request, said(error))
    url = reverse("rehab:sign-item", args=[signature.kind, signature.slug])
    return go(request, f"{url}?{urlencode({'clinic': signature.clinic_id})}")


@page("POST")
def require_signatures(request: HttpRequest) -> HttpResponse:
    """Choose whether patients see only what the clinic has signed; for a coordinator."""
    desk = office(request)
    required = request.POST.get("required") == "yes"
    edit_clinic(
        by=desk.user,
        at=timezone.now(),
        clinic_id=desk.clinic.pk,
        changes={"requires_signature": required},
    )
    chosen = (
        _("From now on patients see only what your clinic has signed.")
        if required
        else _("From now on patients also see what is not signed yet, marked as such.")
    )
    messages.success(request, chosen)
    return go(request, _back(request, desk))


def frame(desk: Office, current: str) -> dict[str, object]:
    """What every page about content has: where one is, and for which clinic."""
    return {
        "tabs": tabs_without_patient(desk.authority, "content"),
        "sections": content_sections(current, desk.clinic),
        "clinic": desk.clinic,
        "clinics": desk.clinics if len(desk.clinics) > 1 else [],
    }


def _said(found: Queue) -> Mapping[tuple[str, str], Said]:
    kinds = {item.kind for item in found.results}
    return {
        (kind, slug): said
        for kind in kinds
        for slug, said in wordings(
            kind, [item.slug for item in found.results if item.kind == kind]
        ).items()
    }


def _read_items(values: Sequence[str]) -> list[Read]:
    """What the boxes sent; anything else than kind, slug and digest is no item."""
    read = [value.split(":") for value in values]
    return [Read(kind=each[0], slug=each[1], digest=each[2]) for each in read if len(each) == 3]


def _place(request: HttpRequest) -> InOrder | None:
    try:
        return place_in(request.GET["after"], InOrder) if "after" in request.GET else None
    except Invalid:
        return None


def _address(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()


def _back(request: HttpRequest, desk: Office) -> str:
    """The page of the queue, or the item, that the form stood on."""
    here = request.POST.get("here", "")
    queue_url = reverse("rehab:content")
    return here if here.startswith(queue_url) else f"{queue_url}?clinic={desk.clinic.pk}"


def _onward(request: HttpRequest, desk: Office) -> str:
    onward = request.POST.get("then", "")
    return onward if onward.startswith(reverse("rehab:content")) else _back(request, desk)


def _next_url(desk: Office, found: QueueItem) -> str:
    """The next item of the same kind that waits for a signature."""
    waiting = queue_of(desk.clinic.pk, kind=found.kind, limit=2).results
    others = [each for each in waiting if each.slug != found.slug and each.state != "signed"]
    return item_url(others[0], desk.clinic) if others else ""
