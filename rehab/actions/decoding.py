"""Naming what is wrong with a body, in the paths of our own errors (`parts.0.pain`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from re import fullmatch, sub
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec
from django.utils.translation import gettext_noop

from patients.domain.errors import FieldError
from rehab.models.shapes import converted

Shape = TypeVar("Shape")

_UNKNOWN = gettext_noop("This call has no field of this name.")


def read(
    raw: object, shape: type[Shape], path: str = ""
) -> tuple[Shape | None, tuple[FieldError, ...]]:
    """Return decoded JSON as a dataclass, or what does not fit: never both.

    Clinical values are not judged here: their types are loose, so that the action judges them
    after the red flags.
    """
    if unknown := tuple(unknown_fields(raw, shape, path)):
        return None, unknown
    try:
        return converted(raw, shape), ()
    except msgspec.ValidationError as error:
        field, code, words = field_in(str(error), path)
        return None, (FieldError(field, code, words),)


def unknown_fields(raw: object, kind: type, path: str = "") -> Iterator[FieldError]:
    """Yield the fields that a dataclass does not have: a misspelt value must not be lost unsaid."""
    if not isinstance(raw, Mapping):
        return
    known, with_inner = _nested(kind)
    all_known = raw.keys() <= known.keys()
    for name in sorted(with_inner.intersection(raw)) if all_known else raw:
        value = raw[name]
        place = f"{path}.{name}" if path else str(name)
        if name not in known:
            yield FieldError(place, "unknown_field", _UNKNOWN)
        elif (inner := known[name]) is not None:
            listed = value if isinstance(value, list) else [value]
            for index, each in enumerate(listed):
                yield from unknown_fields(
                    each, inner, f"{place}.{index}" if listed is value else place
                )


def field_in(message: str, path: str = "") -> tuple[str, str, str]:
    """Read msgspec's message as field, code and words.

    "Expected `str`, got `int` - at `$.parts[0].zone`" is about `parts.0.zone`.
    """
    words, _, place = message.partition(" - at `$")
    steps = sub(r"\[(\d+)\]", r".\1", place.rstrip("`")).replace("[...]", "").strip(".")
    if missing := fullmatch(r"Object missing required field `(\w+)`", words):
        return _joined(path, steps, missing[1]), "required", words
    if loose := fullmatch(
        r"(\w+) (?:needs its offset from UTC|is not a moment of our time)", words
    ):
        return _joined(path, steps, loose[1]), "not_a_moment", words
    return _joined(path, steps), "wrong_kind", words


def _joined(*steps: str) -> str:
    return ".".join(step for step in steps if step)


@lru_cache(maxsize=64)
def _nested(kind: type) -> tuple[dict[str, type | None], frozenset[str]]:
    """Return a dataclass's fields, each with the dataclass that it holds, and those with one."""
    hints = get_type_hints(kind)
    known = {field.name: _dataclass_in(hints[field.name]) for field in fields(kind)}
    return known, frozenset(name for name, inner in known.items() if inner is not None)


def _dataclass_in(hint: Any) -> type | None:
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    if getattr(hint, "__origin__", None) in (tuple, list, Sequence) or type(None) in get_args(hint):
        return next((found for each in get_args(hint) if (found := _dataclass_in(each))), None)
    return None
