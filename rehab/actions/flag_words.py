"""What a flag says to whoever holds the phone, in both languages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from rehab import rules as rulebook
from rehab.actions.answers import Looked, RaisedFlag
from rehab.actions.patient_row import PatientRow
from rehab.domain.receipt import LATE_AFTER
from rehab.domain.safety import Rule, may_be_told, phrase
from rehab.models import SafetyFlag
from rehab.models.briefing import KnownItem
from rehab.models.reads.names import part_name

LANGUAGES = ("zh-Hans", "en")


def in_words(
    flag: SafetyFlag,
    rule: Rule,
    patient: PatientRow,
    *,
    at: datetime,
    part: Mapping[str, str] | None = None,
    reason: str = "",
) -> RaisedFlag:
    """Return a flag with the words for whoever holds the phone, in both languages.

    What is older than a day is said with its age, and asks about now. part: its name, by language.
    reason: what the clinic wrote about something barred.
    """
    common = {
        "emergency_number": patient.emergency_number,
        "clinic_name": patient.clinic_name,
        "clinic_phone": patient.clinic_phone,
        "age_hours": round((at - flag.occurred_at).total_seconds() / 3600),
        "reason": reason.strip().rstrip(".。"),
    }
    by_language = {
        language: {**common, "part": (part or {}).get(language, "")} for language in LANGUAGES
    }
    return RaisedFlag(
        flag.pk,
        flag.rule,
        flag.rule_version,
        flag.level,
        {
            language: _said(flag, rule, language, values, at=at)
            for language, values in by_language.items()
        },
        {language: phrase(rule.instead, language, by_language[language]) for language in LANGUAGES},
        flag.series,
        flag.part,
        tuple(
            Looked(each["field"], each["value"])
            for each in flag.because
            if may_be_told(each["field"], private=False)
        ),
        rule.source,
    )


def _said(
    flag: SafetyFlag, rule: Rule, language: str, values: Mapping[str, object], *, at: datetime
) -> str:
    texts = [rule.text, rule.call]
    if at - flag.occurred_at > LATE_AFTER and flag.rule not in rulebook.operations():
        texts.insert(0, rulebook.notices()["late"])
    return " ".join(phrase(text, language, values) for text in texts)


def part_named(part: UUID | None, item: KnownItem | None) -> Mapping[str, str] | None:
    known = next((each for each in item.parts if each.part == part), None) if item else None
    if known is None:
        return None
    name = part_name(known)
    return {**name, "en": name["en"][:1].lower() + name["en"][1:]}
