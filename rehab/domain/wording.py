"""The words of rules and gates: always in both languages, with placeholders that somebody fills."""

from collections.abc import Mapping
from re import findall, sub

from rehab.domain.conditions import RuleFileError

Text = Mapping[str, str]

LANGUAGES = ("zh-Hans", "en")
PLACEHOLDERS = frozenset(
    {"emergency_number", "clinic_name", "clinic_phone", "age_hours", "part", "reason"}
)


def phrase(text: Text, language: str, values: Mapping[str, object]) -> str:
    """Return a rule's text in one language with its placeholders filled.

    A stretch in square brackets is left out when one of its placeholders has no value, so that
    "call your clinic[: {clinic_phone}]" reads well without a number. Outside brackets a
    placeholder without a value leaves nothing. Any language but zh-Hans gets English.
    """
    words = text.get(language) or text["en"]
    known = {name: str(value) for name, value in values.items() if value not in (None, "")}
    words = sub(r"\[([^\]]*)\]", lambda found: _optional(found[1], known), words)
    return sub(r"\{(\w+)\}", lambda found: known.get(found[1], ""), words)


def notices_from(data: Mapping[str, object]) -> dict[str, Text]:
    """Read the standing notices of a rule file: `not_watched`, and `late` for old data."""
    given = data.get("notices")
    if not isinstance(given, Mapping):
        raise RuleFileError("notices", "notices", "expected an object")
    return {str(code): text_from(text, "notices", str(code)) for code, text in given.items()}


def text_from(data: object, rule: str, path: str) -> Text:
    """Read a text that must be there in both languages."""
    if not isinstance(data, Mapping) or not is_text_in_both_languages(data):
        raise RuleFileError(rule, path, f"expected a text in {' and '.join(LANGUAGES)}")
    for language, words in data.items():
        _check_placeholders(words, rule, f"{path}.{language}")
    return dict(data)


def is_text_in_both_languages(data: object) -> bool:
    if not isinstance(data, Mapping) or set(data) != set(LANGUAGES):
        return False
    return all(isinstance(words, str) and words.strip() for words in data.values())


def whole_from(data: object, rule: str, path: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or data < 1:
        raise RuleFileError(rule, path, "expected a whole number from 1")
    return data


def words_from(data: object, rule: str, path: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise RuleFileError(rule, path, "expected words")
    return data


def _check_placeholders(words: str, rule: str, path: str) -> None:
    for name in findall(r"\{(\w*)\}", words):
        if name not in PLACEHOLDERS:
            raise RuleFileError(rule, path, f"nobody fills {{{name}}}")


def _optional(words: str, known: Mapping[str, str]) -> str:
    names = findall(r"\{(\w+)\}", words)
    return words if all(name in known for name in names) else ""
