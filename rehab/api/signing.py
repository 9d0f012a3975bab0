"""What a clinic has signed of the catalogue, what changed since, signing it and taking it back."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import walled
from patients.domain.errors import Invalid, NotAllowed, NotVisible
from patients.models import Clinic
from rehab.actions.signing import MOST_AT_ONCE, Read, sign_content, withdraw_signature
from rehab.api.asking import SignedIn, id_in, limit_in, page_address
from rehab.api.documents import CURSOR, LIMIT, in_query
from rehab.api.forms import Form
from rehab.api.plain import plain
from rehab.models import ContentSignature, SignedKind
from rehab.models.reads.cursors import InOrder, place_in
from rehab.models.reads.sign_off import (
    STATES,
    Queue,
    Wording,
    queue_item,
    queue_of,
    wording_beside_signed,
)

LARGEST_PAGE = 200
LONGEST_QUERY = 100
CLINIC = in_query("clinic", OpenApiTypes.UUID, "Needed by who has a post in several clinics.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureView:
    """One signature. It holds while the item's digest is this one and nobody has withdrawn it."""

    id: UUID
    clinic: UUID
    kind: str
    slug: str
    digest: str
    signed_by: str
    signed_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNow:
    """The standing signatures of what was sent, new or not."""

    results: list[SignatureView]


class ReadIn(Form):
    kind = serializers.ChoiceField(choices=SignedKind.choices)
    slug = serializers.CharField(max_length=100)
    digest = serializers.CharField(
        max_length=64, help_text="Of the wording that was read, as the list gave it."
    )


class SignIn(Form):
    clinic = serializers.UUIDField(required=False)
    items = ReadIn(many=True, min_length=1, max_length=MOST_AT_ONCE)


class ContentSignatures(APIView):
    @extend_schema(
        operation_id="content_signatures",
        parameters=[
            CLINIC,
            OpenApiParameter("kind", OpenApiTypes.STR, enum=SignedKind.values),
            OpenApiParameter("state", OpenApiTypes.STR, enum=STATES),
            in_query("group", OpenApiTypes.STR, "Topic, modality or role in the list."),
            in_query("q", OpenApiTypes.STR, "Words in it, in Chinese or English."),
            CURSOR,
            LIMIT,
        ],
        responses=Queue,
        tags=["signatures"],
    )
    @walled
    def get(self, request: SignedIn) -> Response:
        """Everything a clinic can sign, for its practitioners: what changed since comes first."""
        cursor = request.GET.get("cursor")
        found = queue_of(
            _clinic(request, id_in(request, "clinic")).pk,
            kind=_one_of(request, "kind", SignedKind.values),
            state=_one_of(request, "state", STATES),
            group=request.GET.get("group") or None,
            typed=_typed(request),
            after=place_in(cursor, InOrder) if cursor else None,
            limit=limit_in(request, usual=50, most=LARGEST_PAGE),
        )
        shown = replace(
            found,
            next=page_address(request, found.next),
            previous=page_address(request, found.previous),
        )
        return Response(plain(shown))

    @extend_schema(
        operation_id="sign_content",
        request=SignIn,
        responses={201: SignedNow},
        tags=["signatures"],
    )
    @walled
    def post(self, request: SignedIn) -> Response:
        """Sign items for a clinic, all or none.

        409 `wording_changed` names the items whose wording is not the one that was read, 422
        `unknown_item` those that nobody can sign. What is signed already stays as it is.
        """
        form = SignIn(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        signed = sign_content(
            by=request.user,
            at=timezone.now(),
            clinic_id=_clinic(request, sent.get("clinic")).pk,
            items=[Read(**item) for item in sent["items"]],
        )
        return Response(plain(SignedNow(results=[_view(each) for each in signed])), status=201)


class SignableItem(APIView):
    @extend_schema(
        operation_id="signable_item", parameters=[CLINIC], responses=Wording, tags=["signatures"]
    )
    @walled
    def get(self, request: SignedIn, kind: str, slug: str) -> Response:
        """One item as it stands, beside its wording when the clinic last signed it."""
        clinic = _clinic(request, id_in(request, "clinic"))
        found = queue_item(clinic.pk, kind, slug) if kind in SignedKind.values else None
        if found is None:
            raise NotVisible
        return Response(plain(wording_beside_signed(clinic.pk, found)))


class WithdrawSignature(APIView):
    @extend_schema(
        operation_id="withdraw_signature",
        request=None,
        responses=SignatureView,
        tags=["signatures"],
    )
    @walled
    def post(self, request: SignedIn, signature_id: UUID) -> Response:
        """Take a signature back, as anybody with a post in that clinic; it stays on record."""
        signature = withdraw_signature(
            by=request.user, at=timezone.now(), signature_id=signature_id
        )
        return Response(plain(_view(signature)))


def _clinic(request: SignedIn, clinic_id: UUID | None) -> Clinic:
    """The clinic that was named, or the only one; NotAllowed for who practises nowhere."""
    clinics = list(Clinic.objects.worked_in_by(request.user, timezone.now()))
    if not clinics:
        raise NotAllowed
    named = [each for each in clinics if clinic_id is None or each.pk == clinic_id]
    if not named:
        raise Invalid("You have no post in this clinic.", field="clinic", code="unknown_clinic")
    if len(named) > 1:
        raise Invalid("Say for which clinic.", field="clinic", code="required")
    return named[0]


def _one_of(request: SignedIn, name: str, codes: list[str] | tuple[str, ...]) -> str | None:
    given = request.GET.get(name)
    if given and given not in codes:
        raise Invalid(
            "Choose one of %(codes)s.",
            field=name,
            code="not_a_choice",
            params={"codes": ", ".join(codes)},
        )
    return given or None


def _typed(request: SignedIn) -> str:
    typed = request.GET.get("q", "").strip()
    if len(typed) > LONGEST_QUERY or "\x00" in typed:
        raise Invalid("Search for fewer words.", field="q", code="too_long")
    return typed


def _view(signature: ContentSignature) -> SignatureView:
    return SignatureView(
        id=signature.pk,
        clinic=signature.clinic_id,
        kind=signature.kind,
        slug=signature.slug,
        digest=signature.digest,
        signed_by=signature.signed_by.name,
        signed_at=signature.signed_at,
        withdrawn_by=signature.withdrawn_by.name if signature.withdrawn_by else None,
        withdrawn_at=signature.withdrawn_at,
    )
