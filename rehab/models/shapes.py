"""Decoding into dataclasses, safely from several threads.

msgspec learns a type when it first meets it, and two threads that meet it at the same moment can
crash the process (msgspec 0.22). Here one thread at a time lets it learn, and then anybody decodes.
"""

from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

import msgspec

Shape = TypeVar("Shape")

_learning = Lock()


def converted(raw: object, shape: type[Shape], *, strict: bool = True) -> Shape:
    """Return plain values as a dataclass; msgspec.ValidationError names what does not fit."""
    _decoder(shape)
    return msgspec.convert(raw, shape, strict=strict)


def decoded_json(data: bytes, shape: type[Shape]) -> Shape:
    """Return JSON as a dataclass; msgspec.MsgspecError says what does not fit."""
    decoder: msgspec.json.Decoder[Any] = _decoder(shape)
    return decoder.decode(data)  # type: ignore[no-any-return]


@lru_cache(maxsize=128)
def _decoder(shape: type) -> msgspec.json.Decoder[Any]:
    with _learning:
        return msgspec.json.Decoder(shape)
