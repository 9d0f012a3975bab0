"""What makes two things the same: an occurrence's id and a log's fingerprint."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from hashlib import sha256
from uuid import UUID, uuid5


def occurrence_id(series: UUID, version: int, on: date, slot: str) -> UUID:
    """Return the id of one item due at one local date and slot.

    The same whether stored or computed, so that a phone offline can name a day that the server
    has not stored yet.
    """
    return uuid5(series, f"{version}/{on.isoformat()}/{slot}")


def fingerprint(body: Mapping[str, object]) -> bytes:
    """Return the SHA-256 of the clinical fields of a decoded entry.

    The caller leaves out transport fields and confirmations. Key order does not matter, 80 is
    80.0, a field given as None is a field not given, and a moment is its instant in UTC.
    ValueError for a number that is not finite, TypeError for what JSON cannot carry.
    """
    return sha256(_canonical(body).encode()).digest()


def _canonical(value: object) -> str:
    if isinstance(value, Mapping):
        return _canonical_mapping(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_canonical(each) for each in value) + "]"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _canonical_number(value)
    return json.dumps(_plain(value), ensure_ascii=False)


def _canonical_mapping(value: Mapping[str, object]) -> str:
    given = sorted((str(key), each) for key, each in value.items() if each is not None)
    pairs = (f"{json.dumps(key, ensure_ascii=False)}:{_canonical(each)}" for key, each in given)
    return "{" + ",".join(pairs) + "}"


def _canonical_number(value: int | float | Decimal) -> str:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value}")
    if number == 0:
        return "0"
    # A precision of exactly its own digits: trailing zeros go, nothing is rounded.
    digits = len(number.as_tuple().digits)
    return str(number.normalize(Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN)))


def _plain(value: object) -> str | bool | None:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, datetime):
        return _instant_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"cannot take the fingerprint of {type(value).__name__}")


def _instant_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset")
    return moment.astimezone(UTC).isoformat()
