"""Typed readers for the environment.

A reader never raises. What is missing or malformed is noted with the variable's name, and
`config.checks` turns the notes into system-check errors, so that one start names every fault.
"""

import os
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent.parent
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})
# A private key of the curve P-256 is a number from 1 to one less than the order of its group.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Problem:
    variable: str
    message: str


@dataclass(slots=True)
class Environment:
    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def note(self, variable: str, message: str) -> None:
        self.problems.append(Problem(variable, message))

    def text(self, name: str, default: str = "", *, required: bool = False) -> str:
        value = self.values.get(name, "").strip()
        if required and not value:
            self.note(name, "is required and is not set")
        return value or default

    def integer(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        value = self.text(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            self.note(name, f"must be a whole number, not {value!r}")
            return default
        if not least <= number <= most:
            self.note(name, f"must be between {least} and {most}, not {number}")
            return default
        return number

    def flag(self, name: str, default: bool) -> bool:
        if name not in self.values:
            return default
        value = self.values[name].strip().lower()
        if value not in YES | NO:
            self.note(name, f"must be 1 or 0, not {value!r}")
            return default
        return value in YES

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in options:
            self.note(name, f"must be one of {', '.join(options)}, not {value!r}")
            return default
        return value

    def listing(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def url(self, name: str, schemes: tuple[str, ...], *, required: bool = False) -> str:
        """Return an address with one of these schemes. The value is never repeated in a message:
        it may hold a password."""
        value = self.text(name, required=required)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            self.note(name, "is not an address")
            return ""
        if parts.scheme not in schemes:
            self.note(name, f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
            return ""
        return value

    def signing_key(self, name: str) -> bytes:
        """Return a private key of P-256: 32 bytes, given as base64url. It is never repeated."""
        value = self.text(name)
        if not value:
            return b""
        try:
            key = urlsafe_b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4))
        except (NotBase64, ValueError):
            key = b""
        if len(key) != 32 or not 0 < int.from_bytes(key) < _P256_ORDER:
            self.note(name, "is no signing key: make one with manage.py make_vapid_keys")
            return b""
        return key


def read_env_file(path: Path) -> dict[str, str]:
    """Return the NAME=value lines of a file, or nothing where there is no readable file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def current_environment() -> dict[str, str]:
    """Return the process environment over what the embedded launcher wrote for its data folder.

    That file makes `manage.py` reach the running embedded engines from another terminal. It is
    left alone as soon as a database is named in the environment.
    """
    if os.environ.get("DATABASE_URL"):
        return dict(os.environ)
    folder = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var")
    return {**read_env_file(folder / "env"), **os.environ}


env = Environment(current_environment())
