"""The catalogue and the cast. Django is not set up yet when this file is imported."""

import datetime as dt
from typing import Any

import pytest

LOADED = dt.datetime(2026, 10, 19, 8, tzinfo=dt.UTC)


@pytest.fixture
def content(db: None) -> None:
    from exercises.actions.loading import load_content

    load_content(by="the tests", at=LOADED)


@pytest.fixture
def cast(db: None) -> Any:
    from tests.people import make_cast

    return make_cast()
