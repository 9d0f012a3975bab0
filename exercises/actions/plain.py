"""Sheets as the database gives them back."""

from typing import Any

import msgspec


def plain(value: Any) -> Any:
    """The JSON form that the database gives back, so that a second load compares equal."""
    return msgspec.json.decode(msgspec.json.encode(value))
