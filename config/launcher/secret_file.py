"""Passwords made once and kept in the data folder, readable by its owner alone."""

import json
import os
import secrets
from pathlib import Path

NAMES = ("postgres", "owner", "app", "valkey", "secret_key", "demo", "vapid")


def write_private(path: Path, text: str) -> None:
    """Write a whole file at once, with mode 0600 from its first byte."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def kept_secrets(path: Path) -> dict[str, str]:
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = [name for name in NAMES if name not in kept]
    if missing:
        kept |= {name: _make(name) for name in missing}
        write_private(path, json.dumps(kept, indent=1) + "\n")
    path.chmod(0o600)
    return kept


# The demo password is typed on a phone; a signing key for push has its length.
_BYTES = {"demo": 9, "vapid": 32}


def _make(name: str) -> str:
    return secrets.token_urlsafe(_BYTES.get(name, 40))
