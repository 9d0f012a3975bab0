"""Both languages are complete, and what is compiled is what is written."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from config import translation

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return translation.collect(ROOT)


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_every_message_is_translated(language: str, collected: Catalog) -> None:
    assert translation.untranslated(translation.update(ROOT, language, collected)) == []


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_nothing_is_translated_that_nobody_says(language: str, collected: Catalog) -> None:
    written = {message.id for message in translation.read(ROOT, language) if message.id}
    assert written == {message.id for message in collected if message.id}


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_compiled_catalogue_is_the_written_one(language: str) -> None:
    compiled = translation.mo_path(ROOT, language).read_bytes()
    assert compiled == translation.as_mo(translation.read(ROOT, language))


@pytest.mark.parametrize("language", translation.LANGUAGES)
def test_placeholders_survive_translation(language: str) -> None:
    """A lost "%(value)s" would be an error on the page, a lost number for a person."""
    for message in translation.read(ROOT, language):
        assert not list(message.check()), message.id
        assert _names(message.string) == _names(message.id), message.id


def _names(words: object) -> set[str]:
    """The placeholders of a message; of several forms those of the last, which is the plural."""
    last = words[-1] if isinstance(words, tuple | list) else words
    return set(re.findall(r"%\((\w+)\)s", str(last)))


def test_sentences_of_refusals_are_collected(tmp_path: Path) -> None:
    source = tmp_path / "rehab" / "domain" / "errors.py"
    source.parent.mkdir(parents=True)
    source.write_text(
        "class Full(Conflict):\n    detail = 'The list is full.'\n\n"
        "def add():\n    raise Invalid('Too many.')\n",
        encoding="utf-8",
    )
    page = tmp_path / "rehab" / "templates" / "a.html"
    page.parent.mkdir(parents=True)
    page.write_text("{% load i18n %}<p>\n  {% translate 'Hello' %}</p>\n", encoding="utf-8")
    found = {message.id for message in translation.collect(tmp_path) if message.id}
    assert found == {"The list is full.", "Too many.", "Hello"}
