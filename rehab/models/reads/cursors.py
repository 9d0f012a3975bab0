"""Opaque cursors: where a list goes on, in a form that callers hand back and never read."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from patients.domain.errors import Invalid
from rehab.models.shapes import decoded_json

Place = TypeVar("Place")
NOTHING = UUID(int=0)


@dataclass(frozen=True, slots=True)
class InTime:
    """After one row of a list that is ordered by a moment and an id; `back` goes the other way."""

    at: datetime
    id: UUID
    back: bool = False


@dataclass(frozen=True, slots=True)
class InSequence:
    """After one row of a patient's changes."""

    patient: UUID
    sequence: int
    kind: int = 0
    id: UUID = NOTHING


@dataclass(frozen=True, slots=True)
class InOrder:
    """After so many rows of a list whose order is computed."""

    skip: int


def opaque(place: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def place_in(cursor: str, kind: type[Place], *, field: str = "cursor") -> Place:
    """Read a cursor back; Invalid for one that this list did not give out."""
    try:
        return decoded_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), kind)
    except (ValueError, msgspec.MsgspecError):
        raise Invalid(
            "This cursor was not given out by this list.", code="unknown_cursor", field=field
        ) from None
