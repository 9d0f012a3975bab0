"""The catalogue, loaded once for each module that asks for `content`."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.catalogue import LOADED, loaded_catalogue

__all__ = ["LOADED"]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with loaded_catalogue(django_db_blocker):
        yield


@pytest.fixture
def content(loaded: None, db: None) -> None:
    """Whatever a test changes is rolled back."""
