"""Safety rules: versioned data with a source and an owner, and what they say when they fire.

The rules are in `rehab/rules/safety.json`. They are judged on the phone and again on the server,
before range checks; rules over a trend (`where: server`) need history that only the server has.
The names of the facts are in `rehab.domain.facts`. A rule never names a diagnosis.

Levels: E0 emergency text at once and an urgent alert; E1 stop, contact the same day; E2 next
working day; E3 weekly review. Source: clinical facts 2.8, all proposed until an owner signs.

What a rule pauses: `none`; `part`, the part whose facts made it fire; `limb`, every part of the
same limb and side in any item, and where the entry does not say which limb, all training; `item`;
`stimulation`, every item that stimulates or vibrates; `current_or_heat`, these and warmth;
`training`, every training item of the patient. Care is never paused by `training`. A rule that
wants `part` but fired on facts of the
whole session pauses the item. Where something happened outside the plan there is no item: then it
pauses what `pause_outside` says, else all training.

A `private` rule fires on news that only those may know who may see conditions. Its code and its
texts are neutral; what made it fire is kept from everybody else (`may_be_told`).

When a rule is judged: `first`, before range checks and whatever becomes of the entry, so that a
refused field never hides a red flag; `stored`, only of an entry that was accepted, so that a slip
of the finger (1000 mA for 100) is corrected and stops nobody's programme.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from rehab.domain.conditions import (
    Because,
    Comparison,
    Condition,
    Facts,
    RuleFileError,
    because,
    compiled,
    condition_from,
    fields_of,
    holds,
    is_recorded,
    triggers,
)
from rehab.domain.facts import is_fact
from rehab.domain.wording import (
    PLACEHOLDERS,
    Text,
    notices_from,
    phrase,
    text_from,
    whole_from,
    words_from,
)

__all__ = [
    "PLACEHOLDERS",
    "Book",
    "Fired",
    "Judged",
    "Level",
    "Pause",
    "Rule",
    "RuleFileError",
    "Scope",
    "Text",
    "Where",
    "evaluate",
    "evaluate_session",
    "may_be_told",
    "notices_from",
    "phrase",
    "rules_from",
    "text_from",
    "to_show",
]

PartKey = TypeVar("PartKey", bound=Hashable)

# Modalities that warm the skin: what a rule reaches that pauses `current_or_heat`.
WARMS = ("warm_bath", "therapeutic_ultrasound")

# Facts that tell something about a diagnosis.
ABOUT_CONDITIONS = (
    "profile.", "condition.", "baseline.", "assessment.", "assessment_before.",
    "weight_loss_percent",
)  # fmt: skip


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
    STIMULATION = "stimulation"
    CURRENT_OR_HEAT = "current_or_heat"
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
    private: bool = False
    pause_outside: Pause | None = None
    triggers: frozenset[Comparison] | None = None


class Book:
    """Rules that find themselves by the comparisons that make them fire.

    Of the facts of a plain session nearly every such comparison is false, so that hardly any rule
    is looked at as a whole.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._always = tuple(rule for rule in self.rules if rule.triggers is None)
        self._by_fact: dict[str, list[tuple[Callable[[Facts], bool], Rule]]] = {}
        for rule in self.rules:
            for trigger in rule.triggers or ():
                self._by_fact.setdefault(trigger.field, []).append((compiled(trigger), rule))
        self._facts = frozenset(self._by_fact)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    @cached_property
    def of_parts(self) -> "Book":
        """Return the rules that may belong to one part of a session."""
        return Book(rule for rule in self.rules if rule.scope is Scope.PART)

    def that_may_fire(self, facts: Facts) -> Iterable[Rule]:
        """Return the rules that can fire at all on these facts, each once."""
        found = {rule.code: rule for rule in self._always}
        for name in self._facts.intersection(facts):
            if facts[name] is not None:
                for triggers_on, rule in self._by_fact[name]:
                    if triggers_on(facts) and rule.code not in found:
                        found[rule.code] = rule
        return found.values()


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
    ready = rules.that_may_fire(facts) if isinstance(rules, Book) else rules
    fired = [
        _fired(rule, facts)
        for rule in ready
        if where in (None, rule.where) and judged in (None, rule.judged) and holds(rule.when, facts)
    ]
    return sorted(fired, key=lambda each: (each.level, each.rule))


def evaluate_session(
    rules: Iterable[Rule],
    shared: Facts,
    parts: Mapping[PartKey, Facts],
    *,
    where: Where | None = None,
    judged: Judged | None = None,
) -> list[tuple[PartKey | None, Fired]]:
    """Return the rules that fire on a session, each with the part that made it, or None.

    `shared` are the facts of the session and the patient, `parts` each part's own. A rule about a
    part belongs to the parts whose own facts are among its reasons; a tick or a number that was
    given for the whole session raises one flag, not one for every part.
    """
    book = rules if isinstance(rules, Book) else Book(rules)
    by_part: list[tuple[PartKey | None, Fired]] = [
        (part, fired)
        for part, own in parts.items()
        for fired in evaluate(book.of_parts, {**shared, **own}, where=where, judged=judged)
        if _is_own(fired, own)
    ]
    said = {fired.rule for _, fired in by_part}
    whole = evaluate(book, shared, where=where, judged=judged)
    by_session = [(None, fired) for fired in whole if fired.rule not in said]
    return sorted([*by_part, *by_session], key=lambda each: (each[1].level, each[1].rule))


def to_show(fired: Iterable[Fired]) -> list[Fired]:
    """Return the rules whose text is shown: in an emergency nothing but the emergency.

    Advice of another level could contradict it (lie flat, never lie flat). All of them are still
    flagged.
    """
    found = list(fired)
    return [each for each in found if each.level is Level.E0] or found


def may_be_told(field: str, *, private: bool) -> bool:
    """Tell whether somebody who may not see conditions may read what a rule looked at."""
    return not private and not field.startswith(ABOUT_CONDITIONS)


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


def _is_own(fired: Fired, own: Facts) -> bool:
    return any(is_recorded(own.get(name)) for name, _ in fired.because)


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
    when = known_condition(data["when"], code, "when")
    return Rule(
        code=code,
        version=whole_from(data["version"], code, "version"),
        level=Level(_one_of(data["level"], Level, code, "level")),
        scope=Scope(_one_of(data["scope"], Scope, code, "scope")),
        pause=Pause(_one_of(data["pause"], Pause, code, "pause")),
        where=Where(_one_of(data["where"], Where, code, "where")),
        judged=Judged(_one_of(data["judged"], Judged, code, "judged")),
        when=when,
        text=text_from(data["text"], code, "text"),
        instead=text_from(data["instead"], code, "instead"),
        call=text_from(data["call"], code, "call"),
        source=words_from(data["source"], code, "source"),
        owner=words_from(data["owner"], code, "owner"),
        proposed=data["proposed"] is True,
        private=data.get("private") is True,
        pause_outside=_outside(data, code),
        triggers=triggers(when),
    )


def _outside(data: Mapping[str, object], code: str) -> Pause | None:
    given = data.get("pause_outside")
    return None if given is None else Pause(_one_of(given, Pause, code, "pause_outside"))


def _check_keys(data: Mapping[str, object], code: str) -> None:
    wanted = set(Rule.__dataclass_fields__) - {"triggers"}
    for key in sorted(wanted - {"private", "pause_outside"} - set(data)):
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


def _one_of(data: object, choices: type[StrEnum], rule: str, path: str) -> str:
    if data not in {choice.value for choice in choices}:
        raise RuleFileError(rule, path, f"one of {', '.join(choices)}")
    return str(data)
