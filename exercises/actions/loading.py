"""Load the sheets into the tables: all of it or nothing."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

from django.db import connection, transaction

from exercises.actions.diet_rows import diet_rows
from exercises.actions.guidance_rows import guidance_rows
from exercises.actions.protocol_rows import protocol_rows
from exercises.actions.rows import Rows, exercise_rows, safety_rows, source_rows, term_rows
from exercises.actions.syncing import Changes, synchronise
from exercises.models import ContentVersion
from exercises.sheets.checks import read_sound_library
from exercises.sheets.library import Library, fingerprint, read_library
from exercises.sheets.reading import CONTENT

LOADING_LOCK = 7_240_115
"""Two loads at once would both add the same rows; the second waits for the first."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The version that is in force now, and what this load changed to get there."""

    version: ContentVersion
    changes: Changes


def load_content(*, by: str, at: dt.datetime, root: Path = CONTENT) -> Loaded:
    """Bring the tables in line with the sheets below `root`; `by` names who or what loads.

    Everything is read and checked before anything is written: BrokenContentError names each
    file, item and field that is wrong. Loading the same sheets again changes no row, and they
    are not checked again.
    """
    library = _sound_library(root)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING_LOCK])
        changes = reduce(add, (synchronise(rows, at=at) for rows in _tables(library)), Changes())
        version = _version(library, changes, by=by, at=at)
    return Loaded(version, changes)


def _sound_library(root: Path) -> Library:
    latest = ContentVersion.objects.latest_loaded()
    unchanged = latest is not None and latest.fingerprint == fingerprint(root)
    return read_library(root) if unchanged else read_sound_library(root)


def _tables(library: Library) -> Iterator[Rows]:
    """Parents before children, so that every reference finds its row."""
    yield from term_rows(library)
    yield from source_rows(library)
    yield from safety_rows(library)
    yield from exercise_rows(library)
    yield from protocol_rows(library)
    yield from diet_rows(library)
    yield from guidance_rows(library)


def _version(library: Library, changes: Changes, *, by: str, at: dt.datetime) -> ContentVersion:
    latest = ContentVersion.objects.latest_loaded()
    if latest and latest.fingerprint == library.fingerprint and not changes:
        return latest
    return ContentVersion.objects.create(
        number=latest.number + 1 if latest else 1,
        fingerprint=library.fingerprint,
        loaded_at=at,
        loaded_by=by,
        added=len(changes.added),
        changed=len(changes.changed),
        withdrawn=len(changes.withdrawn),
    )
