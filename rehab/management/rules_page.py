"""The page of docs that lists every safety rule and gate: written from the rule files alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from rehab import rules as rulebook
from rehab.domain.escalation import Clock

HEAD = """# Safety rules and gates

Written by `manage.py write_rules_page` from `rehab/rules/`; a test compares. Do not edit by hand.

A rule that fires raises a flag. The flag says which values the rule looked at, its version and its
source; who may not see a patient's conditions is not shown what tells of them. All numbers are
proposed until their owner has signed them. Nobody watches the app round the clock, and the texts
say so; `[…]` is left out where the clinic has not given the number.

*Where*: a rule for the phone is judged there, without a network, and again on the server; one for
the server needs history. *Judged* first: before range checks, also of an entry that is refused;
stored: of an accepted entry only. What is told late is judged when it arrives: the flag keeps the
moment of the body, and its text asks about now once it is older than 24 hours.
"""
ABOUT_GATES = """An absolute gate blocks an item at assignment; only a named override with a reason
and an end date lets it pass, and none replaces an answer that is missing. When a gate closes on a
running plan (a condition is recorded, an override expires) the item is paused at once, and why is
told to those alone who may see conditions. A relative gate warns."""
OPERATORS = {
    "eq": "is", "ne": "is not", "lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "in": "is one of",
}  # fmt: skip
PAUSES = {
    "none": "nothing",
    "part": "the part",
    "limb": "everything on that limb, and all training where nobody said which",
    "item": "the item",
    "stimulation": "all stimulation and vibration",
    "current_or_heat": "all stimulation, vibration and warmth",
    "training": "all training, never care",
}


def rules_page() -> str:
    """Return docs/rules.md."""
    parts = [HEAD, _escalation(), _overview(), _rules(), _operations(), _gates(), _questions()]
    return "\n".join(parts)


def _escalation() -> str:
    sheet = rulebook.data("escalation")
    lines = [
        "## Who is told, and how fast",
        "",
        f"Version {sheet['version']}. Source: {sheet['source']}. Owner: {sheet['owner']}.",
        "",
        "| level | who | after | clock |",
        "|---|---|---|---|",
    ]
    for level, steps in [*sheet["levels"].items(), ("the service failed", sheet["operations"])]:
        for step in steps:
            clock = "always" if step["clock"] == Clock.ALWAYS else "clinic hours"
            who = step["who"].replace("_", " ")
            lines.append(f"| {level} | {who} | {step['after_minutes']} min | {clock} |")
    lines += [""] + [
        f"Nobody has acknowledged an {level} after {rise['after_hours']} hours: it becomes"
        f" {rise['to']} and people are told anew. Until somebody acknowledges, every screen says"
        " “not yet seen by anyone”."
        for level, rise in sheet["rises"].items()
    ]
    return "\n".join([*lines, ""])


def _overview() -> str:
    rows = [
        f"| [{each['code']}](#{each['code']}) | {each['version']} | {each['level']} |"
        f" {each['where']} | {each['judged']} | {_paused_by(each)} |"
        for each in sorted(rulebook.data("safety")["rules"], key=_by_level)
    ]
    head = "| rule | version | level | where | judged | pauses |\n|---|---|---|---|---|---|"
    sheet = rulebook.data("safety")
    risk = sheet["high_risk"]
    about = (
        f"Version {sheet['version']} of the rule file. A plan is at high risk with one of the"
        f" modalities {', '.join(risk['modalities'])} or the conditions"
        f" {', '.join(risk['conditions'])} ({risk['source']}; owner: {risk['owner']})."
    )
    return "\n".join(["## Rules", "", about, "", head, *rows, ""])


def _rules() -> str:
    found = sorted(rulebook.data("safety")["rules"], key=_by_level)
    return "\n".join(line for each in found for line in _rule(each))


def _operations() -> str:
    sheet = rulebook.data("operations")
    lines = ["## When the service itself fails", "", f"Version {sheet['version']}. {sheet['note']}"]
    return "\n".join([*lines, "", *(line for each in sheet["rules"] for line in _rule(each))])


def _paused_by(rule: Mapping[str, Any]) -> str:
    outside = rule.get("pause_outside")
    also = f"; outside the plan {PAUSES[outside]}" if outside else ""
    return PAUSES[rule["pause"]] + also


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {rule['code']}"
    yield ""
    yield f"{rule['level']}, version {rule['version']}{_proposed(rule)}. Source: {rule['source']}."
    yield f"Owner: {rule['owner']}."
    if rule.get("private"):
        yield "What made it fire is shown only to those who may see conditions."
    yield ""
    yield f"Fires when {_condition(rule['when'])}."
    yield ""
    for name in ("text", "instead", "call"):
        yield f"- {name}: {rule[name]['en']}"
        yield f"  {rule[name]['zh-Hans']}"
    yield ""


def _gates() -> str:
    sheet = rulebook.data("gates")
    lines = ["## Gates", "", f"Version {sheet['version']} of the gate file. {ABOUT_GATES}", ""]
    return "\n".join([*lines, *(line for each in sheet["gates"] for line in _gate(each))])


def _gate(gate: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {gate['code']} (gate)"
    yield ""
    yield (
        f"{gate['strength'].capitalize()}, version {gate['version']}{_proposed(gate)}."
        f" Source: {gate['source']}."
    )
    yield f"Owner: {gate['owner']}."
    yield ""
    yield f"Applies when {_condition(gate['applies'])}."
    if gate["asks"]:
        asked = "Must be answered" if gate["strength"] == "absolute" else "Asks"
        yield f"{asked}: {', '.join(f'`{name}`' for name in gate['asks'])}."
    if gate["when"]:
        yield f"Closes when {_condition(gate['when'])}."
    yield ""
    yield f"- {gate['text']['en']}"
    yield f"  {gate['text']['zh-Hans']}"
    yield ""


def _questions() -> str:
    lines = ["## Questions of the profile", "", "| code | question | 问题 |", "|---|---|---|"]
    lines += [
        f"| {each['code']} | {each['labels']['en']} | {each['labels']['zh-Hans']} |"
        for each in rulebook.data("gates")["questions"]
    ]
    return "\n".join([*lines, ""])


def _by_level(rule: Mapping[str, Any]) -> tuple[str, str]:
    return rule["level"], rule["code"]


def _proposed(each: Mapping[str, Any]) -> str:
    return ", proposed" if each["proposed"] else ""


def _condition(when: Mapping[str, Any], *, inside: bool = False) -> str:
    """Return a condition as a clinician reads it."""
    for key, word in (("all", " and "), ("any", " or ")):
        if key in when:
            several = len(when[key]) > 1
            said = word.join(_condition(each, inside=several) for each in when[key])
            return f"({said})" if inside and several else said
    operator = next(each for each in when if each != "field")
    return f"`{when['field']}` {_compared(operator, when[operator])}"


def _compared(operator: str, operand: Any) -> str:
    if operator == "recorded":
        return "is recorded" if operand else "is not recorded"
    return f"{OPERATORS[operator]} {_operand(operand)}"


def _operand(operand: Any) -> str:
    if isinstance(operand, list):
        return ", ".join(str(each) for each in operand)
    if isinstance(operand, dict):
        delta = operand.get("delta", 0)
        return f"`{operand['baseline']}`" + (f" {delta:+g}" if delta else "")
    return str(operand)
