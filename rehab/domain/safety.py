"""Safety rules: versioned data with a source and an owner, and what they say when they fire.

The rules are in `rehab/rules/safety.json`. They are judged on the phone and again on the server,
before range checks; rules over a trend (`where: server`) need history that only the server has.
The names of the facts are in `rehab.domain.facts`. A rule never names a diagnosis.

Levels: E0 emergency text at once and an urgent alert; E1 stop, contact the same day; E2 next
working day; E3 weekly review. Source: clinical facts 2.8, all proposed until an owner signs.

What a rule pauses: `none`; `part`, the part whose facts made it fire; `limb`, every part of the
same limb and side in any item, and where the entry does not say which limb, all training; `item`;
`training`, every training item of the patient. Care is never paused by `training`. A rule that
wants `part` but fired on facts of the whole session pauses the item.

When a rule is judged: `first`, before range checks and whatever becomes of the entry, so that a
refused field never hides a red flag; `stored`, only of an entry that was accepted, so that a slip
of the finger (1000 mA for 100) is corrected and stops nobody's programme.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from re import findall, sub

from rehab.domain.conditions import (
    Because,
    Condition,
    Facts,
    RuleFileError,
    Value,
    because,
    condition_from,
    fields_of,
    holds,
)
from rehab.domain.facts import is_fact

__all__ = [
    "PLACEHOLDERS",
    "Fired",
    "Judged",
    "Level",
    "Pause",
    "Rule",
    "RuleFileError",
    "Scope",
    "Where",
    "evaluate",
    "is_text_in_both_languages",
    "notices_from",
    "phrase",
    "rules_from",
    "text_from",
    "to_show",
]

LANGUAGES = ("zh-Hans", "en")
PLACEHOLDERS = frozenset(
    {"emergency_number", "clinic_name", "clinic_phone", "age_hours", "part", "plan_value", "unit"}
)

Text = Mapping[str, str]


class Level(StrEnum):
    """How urgent; the order of the values is the order of urgency."""

    E0 = "E0"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"


class Scope(StrEnum):
    """Whose facts a rule reads: one part of a session, a whole session, or the patient."""

    PART = "part"
    ITEM = "item"
    PATIENT = "patient"


class Pause(StrEnum):
    NONE = "none"
    PART = "part"
    LIMB = "limb"
    ITEM = "item"
    TRAINING = "training"


class Judged(StrEnum):
    """first: before range checks, also of a refused entry. stored: only of an accepted one."""

    FIRST = "first"
    STORED = "stored"


class Where(StrEnum):
    """phone: judged on the phone and on the server. server: needs history, only there."""

    PHONE = "phone"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule.

    text: what to do at once. instead: what is still allowed. call: whom to call. All in both
    languages, with placeholders for `phrase`.
    """

    code: str
    version: int
    level: Level
    scope: Scope
    pause: Pause
    where: Where
    judged: Judged
    when: Condition
    text: Text
    instead: Text
    call: Text
    source: str
    owner: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, and the facts that made it."""

    rule: str
    version: int
    level: Level
    scope: Scope
    pause: Pause
    because: Because


def evaluate(
    rules: Iterable[Rule],
    facts: Facts,
    *,
    where: Where | None = None,
    judged: Judged | None = None,
) -> list[Fired]:
    """Return the rules that fire on these facts, the most urgent first.

    `where=Where.PHONE` leaves out what only the server can judge; `judged=Judged.FIRST` leaves
    out what is judged of accepted entries only. None asks all.
    """
    asked = (rule for rule in rules if where in (None, rule.where))
    asked = (rule for rule in asked if judged in (None, rule.judged))
    fired = [_fired(rule, facts) for rule in asked if holds(rule.when, facts)]
    return sorted(fired, key=lambda each: (each.level, each.rule))


def to_show(fired: Iterable[Fired]) -> list[Fired]:
    """Return the rules whose text is shown: in an emergency nothing but the emergency.

    Advice of another level could contradict it (lie flat, never lie flat). All of them are still
    flagged.
    """
    found = list(fired)
    return [each for each in found if each.level is Level.E0] or found


def rules_from(data: Mapping[str, object]) -> tuple[Rule, ...]:
    """Read the rules of a rule file.

    RuleFileError (a ValueError) names the rule and the path of what is missing, misspelt or
    unknown: a field outside the vocabulary, an operator outside the closed set, a language left
    out, a placeholder nobody fills.
    """
    given = data.get("rules")
    if not isinstance(given, list) or not given:
        raise RuleFileError("file", "rules", "expected a list with at least one rule")
    rules = tuple(_rule(each, place) for place, each in enumerate(given))
    for place, rule in enumerate(rules):
        if rule.code in {earlier.code for earlier in rules[:place]}:
            raise RuleFileError(rule.code, "code", "used twice")
    return rules


def notices_from(data: Mapping[str, object]) -> dict[str, Text]:
    """Read the standing notices of a rule file: `not_watched`, and `late` for old data."""
    given = data.get("notices")
    if not isinstance(given, Mapping):
        raise RuleFileError("notices", "notices", "expected an object")
    return {str(code): text_from(text, "notices", str(code)) for code, text in given.items()}


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


def _fired(rule: Rule, facts: Facts) -> Fired:
    found = because(rule.when, facts)
    return Fired(rule.code, rule.version, rule.level, rule.scope, rule.pause, found)


def _rule(data: object, place: int) -> Rule:
    if not isinstance(data, Mapping):
        raise RuleFileError(f"rules[{place}]", "", "expected an object")
    code = data.get("code")
    if not isinstance(code, str) or not code:
        raise RuleFileError(f"rules[{place}]", "code", "expected a code")
    _check_keys(data, code)
    return Rule(
        code=code,
        version=whole_from(data["version"], code, "version"),
        level=Level(_one_of(data["level"], Level, code, "level")),
        scope=Scope(_one_of(data["scope"], Scope, code, "scope")),
        pause=Pause(_one_of(data["pause"], Pause, code, "pause")),
        where=Where(_one_of(data["where"], Where, code, "where")),
        judged=Judged(_one_of(data["judged"], Judged, code, "judged")),
        when=known_condition(data["when"], code, "when"),
        text=text_from(data["text"], code, "text"),
        instead=text_from(data["instead"], code, "instead"),
        call=text_from(data["call"], code, "call"),
        source=words_from(data["source"], code, "source"),
        owner=words_from(data["owner"], code, "owner"),
        proposed=data["proposed"] is True,
    )


def _check_keys(data: Mapping[str, object], code: str) -> None:
    wanted = set(Rule.__dataclass_fields__)
    for key in sorted(wanted - set(data)):
        raise RuleFileError(code, key, "missing")
    for key in sorted(set(data) - wanted):
        raise RuleFileError(code, key, "unknown key")


def known_condition(data: object, rule: str, path: str) -> Condition:
    """Read a condition whose every field is in the vocabulary of `rehab.domain.facts`."""
    condition = condition_from(data, rule, path)
    for name in sorted(fields_of(condition)):
        if not is_fact(name):
            raise RuleFileError(rule, path, f"no fact is called {name!r}")
    return condition


def whole_from(data: object, rule: str, path: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or data < 1:
        raise RuleFileError(rule, path, "expected a whole number from 1")
    return data


def words_from(data: object, rule: str, path: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise RuleFileError(rule, path, "expected words")
    return data


def _one_of(data: object, choices: type[StrEnum], rule: str, path: str) -> str:
    if data not in {choice.value for choice in choices}:
        raise RuleFileError(rule, path, f"one of {', '.join(choices)}")
    return str(data)


def _check_placeholders(words: str, rule: str, path: str) -> None:
    for name in findall(r"\{(\w*)\}", words):
        if name not in PLACEHOLDERS:
            raise RuleFileError(rule, path, f"nobody fills {{{name}}}")


def _optional(words: str, known: Mapping[str, Value]) -> str:
    names = findall(r"\{(\w+)\}", words)
    return words if all(name in known for name in names) else ""
