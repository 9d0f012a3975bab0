"""A clinic's practitioner puts a name to a wording of the catalogue, or takes it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from patients.access.walls import within_clinics
from patients.actions import audit
from patients.actions.permission import require_in_clinic
from patients.domain.errors import Conflict, FieldError, Invalid, NotVisible
from patients.models import User
from rehab.models import ContentSignature, SignedKind
from rehab.models.reads.signable import Said, wordings
from rehab.models.signature import ContentSignatureQuerySet

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One item that was read. digest: of the wording that was on the screen."""

    kind: str
    slug: str
    digest: str


def sign_content(
    *, by: User, at: datetime, clinic_id: UUID, items: Sequence[Read]
) -> list[ContentSignature]:
    """Sign these items for a clinic, all or none; what is signed already stays as it is.

    For anybody with a running post there. Conflict names the items whose wording is not the one
    that was read, Invalid those that nobody can sign.
    """
    with within_clinics(by.clinic_ids):
        clinic = require_in_clinic(by=by, at=at, clinic_id=clinic_id)
        said = _said(items)
        _check(items, said)
        known = set(_standing(clinic.pk, items).signed_in(clinic))
        new = [item for item in dict.fromkeys(items) if _key(item) not in known]
        # Two people may sign the same page: the second finds it signed.
        ContentSignature.objects.bulk_create(
            [
                ContentSignature(
                    clinic=clinic,
                    kind=item.kind,
                    slug=item.slug,
                    digest=item.digest,
                    wording=list(said[item.kind, item.slug].wording),
                    signed_by=by,
                    signed_at=at,
                )
                for item in new
            ],
            ignore_conflicts=True,
        )
        audit.record([_event("content.sign", clinic.pk, by, at, item) for item in new])
        return list(_standing(clinic.pk, items).newest_first())


def withdraw_signature(*, by: User, at: datetime, signature_id: UUID) -> ContentSignature:
    """Take a clinic's signature back; Conflict where that has been done already.

    For anybody with a running post in that clinic, whoever signed.
    """
    with within_clinics(by.clinic_ids):
        signatures = ContentSignature.objects.select_for_update()
        signature = signatures.filter(pk=signature_id).first()
        if signature is None:
            raise NotVisible
        require_in_clinic(by=by, at=at, clinic_id=signature.clinic_id)
        if signature.withdrawn_at is not None:
            raise Conflict("This signature was withdrawn before.", code="already_withdrawn")
        signature.withdrawn_at, signature.withdrawn_by = at, by
        signature.save(update_fields=["withdrawn_at", "withdrawn_by"])
        item = Read(kind=signature.kind, slug=signature.slug, digest=signature.digest)
        audit.record([_event("content.unsign", signature.clinic_id, by, at, item)])
        return signature


def _said(items: Sequence[Read]) -> dict[tuple[str, str], Said]:
    if not items:
        raise Invalid("Choose at least one item.", field="items", code="empty")
    if len(items) > MOST_AT_ONCE:
        raise Invalid(
            "Sign %(most)s items at once at most.",
            field="items",
            code="too_many",
            params={"most": MOST_AT_ONCE},
        )
    kinds = sorted({item.kind for item in items} & set(SignedKind.values))
    return {
        (kind, slug): said
        for kind in kinds
        for slug, said in wordings(kind, [each.slug for each in items if each.kind == kind]).items()
    }


def _check(items: Sequence[Read], said: Mapping[tuple[str, str], Said]) -> None:
    """Refuse what nobody can sign, and what does not read any more as it was read."""
    unknown = [each for each in items if (each.kind, each.slug) not in said]
    if unknown:
        raise Invalid(code="unknown_item", errors=_errors(items, unknown, "unknown_item"))
    changed = [each for each in items if said[each.kind, each.slug].digest != each.digest]
    if changed:
        raise Conflict(
            "The wording has changed since you opened it. Read it again, then sign.",
            code="wording_changed",
            errors=_errors(items, changed, "wording_changed"),
        )


_DETAILS = {
    "unknown_item": gettext_noop("There is no item of this name to sign."),
    "wording_changed": gettext_noop("This wording is not the one that you read."),
}


def _errors(items: Sequence[Read], wrong: Iterable[Read], code: str) -> tuple[FieldError, ...]:
    places = {(each.kind, each.slug): place for place, each in enumerate(items)}
    return tuple(
        FieldError(f"items.{places[each.kind, each.slug]}", code, _DETAILS[code]) for each in wrong
    )


def _key(item: Read) -> tuple[str, str, str]:
    return item.kind, item.slug, item.digest


def _standing(clinic_id: UUID, items: Sequence[Read]) -> ContentSignatureQuerySet:
    return (
        ContentSignature.objects.of_clinics([clinic_id])
        .standing()
        .select_related("signed_by")
        .of_items(map(_key, items))
    )


def _event(kind: str, clinic_id: UUID, by: User, at: datetime, item: Read) -> audit.Event:
    detail = {"kind": item.kind, "slug": item.slug, "digest": item.digest}
    return audit.Event(clinic_id, by.pk, kind, at, target_kind="content", detail=detail)
