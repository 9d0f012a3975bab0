"""Ids of content that are the same on every installation."""

from uuid import UUID, uuid5

NAMESPACE = UUID("6f0f3a1e-5a57-5d0c-9a55-0a0d6a1f7c11")


def content_id(kind: str, *names: str) -> UUID:
    """Return the id of `kind` with this slug path; the same slugs give the same id for ever."""
    return uuid5(NAMESPACE, "/".join((kind, *names)))
