"""The clinician's list: whoever needs a person first."""

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.decisions import patients_with
from patients.access.walls import walled
from patients.domain.errors import Invalid, NotAllowed
from patients.models.authority import authority_of
from patients.models.duty import clinics_on_duty
from rehab.api.asking import SignedIn, limit_in, page_address
from rehab.api.documents import CURSOR, LIMIT
from rehab.api.plain import plain
from rehab.models.reads.caseload import Caseload, Whose, caseload_of, chosen_by
from rehab.models.reads.cursors import InOrder, place_in
from rehab.models.reads.windows import in_view_of


class CaseloadView(APIView):
    @extend_schema(
        operation_id="caseload",
        parameters=[
            OpenApiParameter(
                "whose",
                OpenApiTypes.STR,
                enum=list(Whose),
                default=Whose.ALL,
                description="Mine; everybody I may see; or, where I am on duty now, unseen flags.",
            ),
            CURSOR,
            LIMIT,
        ],
        responses=Caseload,
        tags=["safety"],
    )
    @walled
    def get(self, request: SignedIn) -> Response:
        """The patients of a clinician, and for a coordinator everybody in the clinic.

        Open flags by level and age come first, then weeks since an injury without a plan, silence,
        adherence that fell, more than the plan's maximum, reviews and expiries. `why` says which.
        """
        at, cursor = timezone.now(), request.GET.get("cursor")
        authority = authority_of(request.user, at=at)
        if not authority.clinics_of_posts(at):
            raise NotAllowed
        whose = _whose(request)
        here = clinics_on_duty(request.user, at) if whose is Whose.ON_DUTY else ()
        chosen = chosen_by(authority, whose, at, on_duty_in=here)
        page = caseload_of(
            patient_ids=chosen.patients,
            clinic_ids=chosen.clinics,
            flagged_only=chosen.flagged_only,
            now=at,
            in_view=in_view_of(
                chosen.patients,
                with_conditions=chosen.patients & patients_with(authority, "see_conditions", at),
                now=at,
            ),
            after=place_in(cursor, InOrder) if cursor else None,
            limit=limit_in(request, usual=50, most=200),
        )
        shown = replace(
            page,
            next=page_address(request, page.next),
            previous=page_address(request, page.previous),
        )
        return Response(plain(shown))


def _whose(request: SignedIn) -> Whose:
    asked = request.GET.get("whose", Whose.ALL)
    if asked not in set(Whose):
        raise Invalid("Choose mine, all or on_duty.", field="whose", code="unknown_choice")
    return Whose(asked)
