"""Collecting what has to be translated, and compiling what has been, without gettext.

Django's own commands need the gettext programs, which a fresh machine may not have. Babel, a
development dependency, reads sources and templates and writes the same files.
"""

import ast
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

APPS = ("config", "exercises", "patients", "rehab")
LANGUAGES = ("en", "zh_Hans")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# A refusal carries its English sentence; the page or the API translates it when it answers.
RAISED = frozenset({"DomainError", "NotVisible", "NotAllowed", "Invalid", "Conflict"})

Words = str | tuple[str, ...] | list[str]


def collect(root: Path) -> Catalog:
    """Return every message of the product's Python files and templates."""
    catalog = Catalog(charset="utf-8")
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                _add(catalog, _from_python(path.read_bytes()))
        for path in sorted((root / app).rglob("templates/**/*")):
            if path.suffix in (".html", ".txt"):
                _add(catalog, _from_template(path.read_text("utf-8")))
    return catalog


def read(root: Path, language: str) -> Catalog:
    with po_path(root, language).open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def update(root: Path, language: str, collected: Catalog) -> Catalog:
    """Bring one catalogue up to what the sources say; English answers with the message itself."""
    path = po_path(root, language)
    catalog = read(root, language) if path.exists() else Catalog(locale=language, charset="utf-8")
    # The catalogue takes over the message objects it is given.
    catalog.update(deepcopy(collected), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    if language == "en":
        for message in _messages(catalog):
            message.string = message.id
            message.flags.discard("fuzzy")
    return catalog


def untranslated(catalog: Catalog) -> list[Words]:
    return [each.id for each in _messages(catalog) if each.fuzzy or not _is_complete(each.string)]


def as_po(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, width=0, no_location=True, sort_output=True, omit_header=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def po_path(root: Path, language: str) -> Path:
    return root / "config" / "locale" / language / "LC_MESSAGES" / "django.po"


def mo_path(root: Path, language: str) -> Path:
    return po_path(root, language).with_suffix(".mo")


def _messages(catalog: Catalog) -> list[Message]:
    return [each for each in catalog if each.id]


def _is_complete(string: Words | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _add(catalog: Catalog, found: Iterator[tuple[Words, str | None]]) -> None:
    for message, context in found:
        catalog.add(message, context=context)


def _from_python(source: bytes) -> Iterator[tuple[Words, str | None]]:
    yield from _calls(source)
    for node in ast.walk(ast.parse(source)):
        yield from _sentences(node)


def _from_template(source: str) -> Iterator[tuple[Words, str | None]]:
    # What templatize leaves is tokens of Python, but not its indentation.
    lines = templatize(source).splitlines()
    yield from _calls("\n".join(line.strip() for line in lines).encode())


def _calls(source: bytes) -> Iterator[tuple[Words, str | None]]:
    options = {"encoding": "utf-8"}
    for _line, message, _comments, context in extract(
        "python", BytesIO(source), KEYWORDS, (), options
    ):
        yield message, context


def _sentences(node: ast.AST) -> Iterator[tuple[Words, str | None]]:
    """Yield the sentences of named refusals: `detail = "…"` in a class, `detail="…"` in a call,

    and the first argument of what is raised.
    """
    match node:
        case ast.ClassDef(body=body):
            for each in body:
                match each:
                    case ast.Assign(
                        targets=[ast.Name(id="detail")], value=ast.Constant(value=str() as text)
                    ) if text:
                        yield text, None
        case ast.keyword(arg="detail", value=ast.Constant(value=str() as text)) if text:
            yield text, None
        case ast.Raise(
            exc=ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str() as text), *_])
        ):
            if name in RAISED:
                yield text, None
