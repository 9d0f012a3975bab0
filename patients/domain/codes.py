"""Invitation codes that can be read out over the telephone."""

from collections.abc import Callable

# Crockford's base 32: no I, L, O or U, so that nobody mistakes one for 1, 0 or V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_code(choose: Callable[[str], str]) -> str:
    """Twelve characters (60 bits) in groups of four; `choose` picks one at random."""
    characters = "".join(choose(ALPHABET) for _ in range(LENGTH))
    return "-".join(characters[start : start + 4] for start in range(0, LENGTH, 4))


def as_typed(text: str) -> str:
    """A typed code in its one canonical form: upper case, no spaces or hyphens, no lookalikes."""
    return "".join(text.upper().split()).replace("-", "").translate(_LOOKALIKES)
