"""System checks: every fault in the environment, by the name of its variable."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from config.settings.env import Problem, env


def faults() -> Sequence[Problem]:
    return tuple(dict.fromkeys(env.problems))


@register()
def environment_is_sound(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{fault.variable} {fault.message}.",
            hint=f"Set the environment variable {fault.variable}; docs/operation.md says how.",
            id="config.E001",
        )
        for fault in faults()
    ]


@register(Tags.database)
def tables_are_cut_ahead(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """`manage.py check --database default`: partitions reach at least a month ahead."""
    from config.health import FEWEST_DAYS_AHEAD
    from rehab.actions.storage import days_ahead

    if "default" not in (databases or ()):
        return []
    return [
        checks.Warning(
            f"Partitions of {table} reach {days} days ahead, fewer than {FEWEST_DAYS_AHEAD}.",
            hint="Run manage.py tend_tables, and see whether beat and a worker run.",
            id="config.W001",
        )
        for table, days in days_ahead(timezone.now()).items()
        if days < FEWEST_DAYS_AHEAD
    ]


def refuse_faulty_environment() -> None:
    """Stop a server process, which runs no system checks of its own, before it serves."""
    if found := faults():
        lines = "\n".join(f"  {fault.variable} {fault.message}." for fault in found)
        raise ImproperlyConfigured(f"The environment is not sound:\n{lines}")
