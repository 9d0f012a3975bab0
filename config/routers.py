"""Two roles on one database: `owner` migrates, `app` does everything else."""

from typing import Any


class OwnerMigrates:
    """Send every read and write to `default`; allow migrations on `owner` only.

    The owner could bypass what the application role may not do, so no model is ever routed to it.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
