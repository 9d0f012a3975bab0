"""The API's description, for programs and for people."""

import pytest
import yaml
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_document_is_openapi_3_1_in_english_whatever_the_reader_speaks(client: Client) -> None:
    answers = [
        client.get("/api/schema/", headers={"Accept-Language": language}).content
        for language in ("zh-Hans", "en")
    ]

    assert answers[0] == answers[1]
    assert yaml.safe_load(answers[0])["openapi"].startswith("3.1")


def test_the_page_shows_every_call_and_needs_nothing_from_elsewhere(client: Client) -> None:
    document = yaml.safe_load(client.get("/api/schema/").content)

    page = client.get("/api/docs/").content.decode()

    for path, operations in document["paths"].items():
        for method in operations:
            assert f"{method.upper()} {path}" in page
    assert "https://" not in page
    assert "<style" not in page
