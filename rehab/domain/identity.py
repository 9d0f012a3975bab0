"""What makes two things the same: an occurrence's id and a log's fingerprint."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal
from hashlib import sha256
from itertools import pairwise
from math import isfinite
from typing import Any
from uuid import UUID, uuid5

_PLAIN_ALREADY = frozenset({str, bool, int, type(None)})
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


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
    return sha256(_written(canonical(body)).encode()).digest()


class AlikeBodies:
    """Fingerprints of bodies that are the same but for a few fields; the rest is written once.

    shared: every other field, canonical. own: the names of the fields that differ.
    """

    def __init__(self, shared: Mapping[str, object], own: Sequence[str]) -> None:
        self._own = sorted(own)
        self._between = [
            _written({key: shared[key] for key in shared if after < key < before})[1:-1]
            for after, before in pairwise(("", *self._own, "\U0010ffff"))
        ]

    def fingerprint(self, values: Mapping[str, object]) -> bytes:
        """Return what `fingerprint` returns for the whole body."""
        texts = [self._between[0]]
        for name, between in zip(self._own, self._between[1:], strict=True):
            if values[name] is not None:
                texts.append(f'"{name}":{_written(canonical(values[name]))}')
            texts.append(between)
        members = ",".join(text for text in texts if text)
        return sha256(f"{{{members}}}".encode()).digest()


def canonical(value: Any) -> Any:
    """Return what JSON writes in one way only: one form a number, instants in UTC, no None."""
    kind = type(value)
    if kind in _PLAIN_ALREADY:
        return value
    if kind is UUID:
        return str(value)
    if kind is datetime:
        return _instant_text(value)
    # Asking for the kind of a mapping that is no dict takes long, so it comes second.
    if kind is dict or isinstance(value, Mapping):
        return {
            str(key): each if type(each) in _PLAIN_ALREADY else canonical(each)
            for key, each in value.items()
            if each is not None
        }
    if isinstance(value, list | tuple):
        return [canonical(each) for each in value]
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    return _text(value)


def _number(value: int | float | Decimal) -> int | float | str:
    """Return a whole number as int and any other as the float of its digits."""
    if isinstance(value, int):
        return value
    if not isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    if value == int(value):
        return int(value)
    if isinstance(value, float):
        return value
    near = float(value)
    if Decimal(repr(near)) == value:
        return near
    return str(value.normalize(Context(prec=len(value.as_tuple().digits))))


def _text(value: object) -> str:
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
