"""What the launcher says on the terminal."""

import time
from collections.abc import Mapping
from pathlib import Path

DEMO_ACCOUNTS = ("clinician@demo.test", "caregiver@demo.test", "patient@demo.test")
_BEGAN = time.monotonic()


def say(text: str) -> None:
    print(f"[{time.monotonic() - _BEGAN:5.1f} s] {text}", flush=True)


def welcome(environment: Mapping[str, str], *, mail: str, data: Path) -> None:
    address = environment["PUBLIC_URL"]
    lines = ["", f"  Ready: {address}", ""]
    if environment["DEMO"] == "1":
        password = environment["DEMO_PASSWORD"]
        lines += [f"    {account:<22} {password}" for account in DEMO_ACCOUNTS]
        lines += [""]
    lines += [f"  API:   {address}/api/docs/", f"  Mail:  {mail}", f"  Data:  {data}"]
    lines += ["  Ctrl-C stops everything.", ""]
    print("\n".join(lines), flush=True)
