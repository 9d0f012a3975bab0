"""What is derived from the words of an item: how it is found, and which wording was signed."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from exercises.actions.plain import plain
from exercises.domain.search import index_vector
from exercises.sheets.diet import OtherNames
from exercises.sheets.terms import LANGUAGES, Sheet, Text


def worded(item: Sheet, *texts: Text | OtherNames | Iterable[Text] | None) -> dict[str, Any]:
    """Return digest and search vector of an item that is found by these texts."""
    words = [word for text in texts if text is not None for word in _words(text)]
    return {"digest": digest(item), "search": index_vector(words)}


def digest(item: Sheet) -> str:
    """Return the SHA-256 over the canonical JSON of the whole item, as 64 hex digits."""
    canonical = json.dumps(
        plain(item), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _words(text: Text | OtherNames | Iterable[Text]) -> list[str]:
    if isinstance(text, Text):
        return [text[language] for language in LANGUAGES]
    if isinstance(text, OtherNames):
        return [*text.zh_hans, *text.en]
    return [word for each in text for word in _words(each)]
