"""Make one table equal to its rows, writing only what differs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from exercises.actions.rows import Key, Rows


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of the items that a load added, changed or withdrew."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.withdrawn)

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            self.added + other.added,
            self.changed + other.changed,
            self.withdrawn + other.withdrawn,
        )


def synchronise(rows: Rows, *, at: dt.datetime) -> Changes:
    """Add, change and withdraw; an item that is there again is no longer withdrawn.

    A new position alone is written but not reported: one line more moves all that follow.
    """
    manager = rows.model._base_manager  # With the columns that nobody else reads.
    there = manager.in_bulk()
    new = [rows.model(pk=key, **rows.values[key]) for key in rows.values if key not in there]
    differing = {key: _take(there[key], rows, key) for key in rows.values if key in there}
    changed = {key for key, names in differing.items() if names - {"position"}}
    gone = {key: row for key, row in there.items() if key not in rows.values and _is_current(row)}
    for row in gone.values():
        row.withdrawn_at = at  # type: ignore[attr-defined]
    manager.bulk_create(new)
    for key in (*(key for key, names in differing.items() if names), *gone):
        there[key].save(force_update=True)
    changed |= _link(rows) & there.keys()
    return Changes(
        added=tuple(_name(row) for row in new),
        changed=tuple(_name(there[key]) for key in rows.values if key in changed),
        withdrawn=tuple(_name(row) for row in gone.values()),
    )


def _take(row: models.Model, rows: Rows, key: Key) -> set[str]:
    """Put the sheet's values on the row; return which columns that changed."""
    wanted = {**rows.values[key], "withdrawn_at": None}
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return set(differing)


def _link(rows: Rows) -> set[Key]:
    """Make the many-to-many rows equal to the links; return the keys whose links changed."""
    return {key for name, wanted in rows.links.items() for key in _link_one(rows, name, wanted)}


def _link_one(rows: Rows, name: str, wanted: dict[Key, list[Key]]) -> Iterable[Key]:
    relation = rows.model._meta.get_field(name)
    through = relation.remote_field.through  # type: ignore[union-attr]
    own, other = relation.m2m_field_name(), relation.m2m_reverse_field_name()  # type: ignore[union-attr]
    there = {
        (first, second): key
        for key, first, second in through._default_manager.values_list(
            "pk", f"{own}_id", f"{other}_id"
        )
        if first in wanted
    }
    needed = {(key, linked) for key, keys in wanted.items() for linked in keys}
    surplus, missing = there.keys() - needed, needed - there.keys()
    through._default_manager.filter(pk__in=[there[pair] for pair in surplus]).delete()
    through._default_manager.bulk_create(
        through(**{f"{own}_id": first, f"{other}_id": second})
        for first, second in sorted(missing, key=str)
    )
    return {first for first, _ in surplus | missing}


def _is_current(row: models.Model) -> bool:
    return row.withdrawn_at is None  # type: ignore[attr-defined]


def _name(row: models.Model) -> str:
    kind = row._meta.verbose_name
    label = getattr(row, "slug", None) or getattr(row, "code", None) or str(row)
    return f"{kind} {label}"
