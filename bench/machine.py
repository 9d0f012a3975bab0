"""The machine a figure was measured on: figures without it mean nothing."""

import os
import platform
from pathlib import Path


def described() -> str:
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {_processor()}, {_memory_gigabytes():.0f} GB, "
        f"Linux {platform.release()}, Python {platform.python_version()}, load before {load:.1f}"
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory_gigabytes() -> float:
    first = Path("/proc/meminfo").read_text(encoding="utf-8").split("\n", 1)[0]
    return int(first.split()[1]) / 1024 / 1024
