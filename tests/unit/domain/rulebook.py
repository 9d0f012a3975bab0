"""The rule files as they are committed."""

import json
from pathlib import Path
from typing import Any

from rehab.domain.escalation import escalation_from
from rehab.domain.gates import conditions_by_question, gates_from, questions_from
from rehab.domain.safety import notices_from, rules_from

FOLDER = Path(__file__).parents[3] / "rehab" / "rules"


def sheet(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


VECTORS = sheet("vectors")
RULES = rules_from(sheet("safety"))
NOTICES = notices_from(sheet("safety"))
GATES = gates_from(sheet("gates"))
QUESTIONS = questions_from(sheet("gates"))
SAME_AS = conditions_by_question(QUESTIONS)
ESCALATION = escalation_from(sheet("escalation"))
