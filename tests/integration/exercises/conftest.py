"""The catalogue, loaded. Django is not set up yet when this file is imported."""

import datetime as dt

import pytest

LOADED = dt.datetime(2026, 10, 19, 8, tzinfo=dt.UTC)


@pytest.fixture
def content(db: None) -> None:
    from exercises.actions.loading import load_content

    load_content(by="the tests", at=LOADED)
