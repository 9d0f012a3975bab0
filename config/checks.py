"""System checks: every fault in the environment, by the name of its variable."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

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


def refuse_faulty_environment() -> None:
    """Stop a server process, which runs no system checks of its own, before it serves."""
    if found := faults():
        lines = "\n".join(f"  {fault.variable} {fault.message}." for fault in found)
        raise ImproperlyConfigured(f"The environment is not sound:\n{lines}")
