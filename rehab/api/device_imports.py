"""Device files: what a cycle wrote down about its sessions, read once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from patients.domain.errors import Invalid
from rehab.actions.answers import LogState, RaisedFlag
from rehab.actions.device_imports import UNREADABLE, DeviceFile, RideAnswer, import_device_file
from rehab.api.answers import FieldProblem, problem_of
from rehab.api.asking import SignedIn, id_in
from rehab.api.documents import in_query
from rehab.api.hot import HotView, answer, decoded
from rehab.domain.device_file import (
    DeviceTable,
    UnreadableFile,
    table_from_csv,
    table_from_rows,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceImportBody:
    """One file as JSON. zone: of the device's clock; series: the item, null for the only one.

    sessions: started_at (with offset, or on the clock of `zone`), minutes, cadence_rpm,
    resistance_nm, power_w, distance_km, energy_kj, asymmetry_percent, mean_stimulation_ma.
    """

    zone: str
    sessions: Sequence[Mapping[str, object]]
    model: str = ""
    serial: str = ""
    series: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RideView:
    """What became of one row. id: of its session. state: recorded, pending, merged (put into the

    session that was told by hand), unchanged, conflict (this start was imported with other
    values), quarantined or refused.
    """

    row: int
    id: UUID | None
    state: str
    log: LogState | None
    errors: Sequence[FieldProblem]
    flags: Sequence[RaisedFlag]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceImportAnswer:
    """file: SHA-256 of what was sent. ignored: columns that are not known here."""

    file: str
    rows: Sequence[RideView]
    ignored: Sequence[str]


class DeviceImports(HotView):
    @extend_schema(
        operation_id="import_device_file",
        request={"application/json": DeviceImportBody, "text/csv": OpenApiTypes.STR},
        parameters=[
            in_query("zone", OpenApiTypes.STR, "Of a CSV file: the zone of the device's clock."),
            in_query("model", OpenApiTypes.STR, "Of a CSV file: the device."),
            in_query("serial", OpenApiTypes.STR, "Of a CSV file: its serial number."),
            in_query("series", OpenApiTypes.UUID, "Of a CSV file: the item of the plan."),
        ],
        responses=DeviceImportAnswer,
        tags=["sessions"],
    )
    def post(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Read a file of sessions on a stimulated cycle; one answer a row, and never twice.

        Each row becomes one session with source `device`. One that was told by hand with a start
        within five minutes takes the device's values and keeps its own besides; one within the
        hour is stored as a possible duplicate and asked about.
        """
        body = bytes(request.body)
        digest = sha256(body).hexdigest()
        is_csv = str(request.content_type).startswith("text/csv")
        file = _csv_file(request, body, digest) if is_csv else _json_file(body, digest)
        answers = import_device_file(
            by=request.user, at=timezone.now(), patient_id=patient_id, file=file
        )
        shown = DeviceImportAnswer(
            file=digest, rows=[_row(each) for each in answers], ignored=file.table.ignored
        )
        return answer(shown)


def _json_file(body: bytes, digest: str) -> DeviceFile:
    sent = decoded(body, DeviceImportBody)
    return DeviceFile(
        digest=digest,
        model=sent.model.strip(),
        serial=sent.serial.strip(),
        zone=sent.zone,
        series=sent.series,
        table=_readable(lambda: table_from_rows(sent.sessions, zone=sent.zone)),
    )


def _csv_file(request: SignedIn, body: bytes, digest: str) -> DeviceFile:
    zone = request.GET.get("zone", "")
    return DeviceFile(
        digest=digest,
        model=request.GET.get("model", "").strip(),
        serial=request.GET.get("serial", "").strip(),
        zone=zone,
        series=id_in(request, "series"),
        table=_readable(lambda: table_from_csv(_text(body), zone=zone)),
    )


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableFile("not_text") from None


def _readable(read: Callable[[], DeviceTable]) -> DeviceTable:
    try:
        return read()
    except UnreadableFile as error:
        raise Invalid(UNREADABLE[error.code], field="sessions", code=error.code) from None


def _row(reply: RideAnswer) -> RideView:
    return RideView(
        row=reply.row,
        id=reply.id,
        state=reply.state,
        log=reply.log,
        errors=[problem_of(error) for error in reply.errors],
        flags=reply.flags,
    )
