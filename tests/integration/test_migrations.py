"""The migrations say what the models say."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation


def test_no_migration_is_missing() -> None:
    loader = MigrationLoader(None)
    written = loader.project_state()
    # Names are compared as written, not as translated.
    with translation.override(None):
        present = ProjectState.from_apps(apps)
        changes = MigrationAutodetector(written, present).changes(loader.graph)

    assert {app: [str(one) for one in found] for app, found in changes.items()} == {}
