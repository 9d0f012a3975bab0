"""docs/rules.md is written from the rule files, and says all of them."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from rehab.management import rules_page as page
from tests.unit.domain.rulebook import GATES, RULES

PATH = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_committed_page_is_what_the_rule_files_say() -> None:
    assert PATH.read_text("utf-8") == page.rules_page(), "run manage.py write_rules_page"


def test_every_rule_and_gate_stands_there_with_version_source_and_owner() -> None:
    text = PATH.read_text("utf-8")
    for rule in RULES:
        section = text.partition(f"### {rule.code}\n")[2].partition("\n### ")[0]
        assert f"{rule.level.value}, version {rule.version}" in section
        assert rule.source in section and rule.owner in section
        assert rule.text["en"] in section and rule.text["zh-Hans"] in section
    for gate in GATES:
        section = text.partition(f"### {gate.code} (gate)\n")[2].partition("\n### ")[0]
        assert f"version {gate.version}" in section
        assert gate.source in section and gate.owner in section


def test_a_page_that_is_out_of_date_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("write_rules_page", check=True)
    monkeypatch.setattr(page, "HEAD", "# Something else\n")
    with pytest.raises(CommandError, match="out of date"):
        call_command("write_rules_page", check=True)
