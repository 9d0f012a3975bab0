"""Real engines for every test: a PostgreSQL and a Valkey of our own, in a temporary folder.

They start when the first test needs them and are erased at the end. DATABASE_URL,
DATABASE_OWNER_URL and REDIS_URL, where set, are used instead. The test database is made and
migrated by the role `owner`; everything else runs as `app`, behind row-level security.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import django
import pytest

from config.launcher.engines import Engines, in_temporary_folder
from tests.database import flush_as_owner, make_test_database

if TYPE_CHECKING:
    from tests.people import Cast

ENGINES = pytest.StashKey[Engines]()
# Every channel is set up. Nobody answers at the gateway: a test that needs one runs its own.
CHANNELS = {
    "VAPID_PRIVATE_KEY": "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    "SMS_GATEWAY_URL": "http://127.0.0.1:1/messages",
    "SMS_GATEWAY_TOKEN": "token",
}


def pytest_configure(config: pytest.Config) -> None:
    """Name the engines' addresses before Django reads its settings."""
    if config.getoption("numprocesses", None):
        return  # Only the workers of pytest-xdist run tests; each makes engines of its own.
    os.environ["ENVIRONMENT"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.update(CHANNELS)
    if not os.environ.get("DATABASE_URL"):
        engines = in_temporary_folder()
        config.stash[ENGINES] = engines
        config.add_cleanup(engines.erase)
        os.environ.update(engines.environment() | engines.owner_environment())
        os.environ["DATA_DIR"] = str(engines.home)
    django.setup()


@pytest.fixture(scope="session")
def engines(request: pytest.FixtureRequest) -> None:
    """PostgreSQL and Valkey answer from here on. Ask for it where a test needs only Valkey."""
    if started := request.config.stash.get(ENGINES, None):
        started.start()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(engines: None) -> None:
    """The engines answer before the test database is made."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: None, django_db_blocker: Any, worker_id: str
) -> Iterator[None]:
    with make_test_database(django_db_blocker, suffix=worker_id):
        yield


@pytest.fixture
def cast(db: None) -> "Cast":
    """Alice, Bob, Charlie, Dana and the others: see tests/people.py."""
    from tests.people import make_cast

    return make_cast()


@pytest.fixture(autouse=True, scope="session")
def _flush_as_owner() -> Iterator[None]:
    with flush_as_owner():
        yield
