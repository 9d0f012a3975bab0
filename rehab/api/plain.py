"""Frozen values of the reads as plain JSON values, for DRF's renderer."""

from typing import Any

import msgspec


def plain(value: object) -> Any:
    return msgspec.to_builtins(value)
