"""Set up .venv from the hashed lock, only when the lock changed.

    python3.11 requirements/sync.py base|dev

Runs before anything is installed, so it knows only the standard library. uv is used where it is
there (seconds), else pip (half a minute). `.venv/.lock-sha256` says which locks are installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".lock-sha256"
PYTHON = VENV / "bin" / "python"
# Everything in base.txt is in dev.txt too, at the same version.
COVERS = {"base": ("base",), "dev": ("base", "dev")}


def main() -> None:
    # It may be run by any Python there is.
    if sys.version_info < (3, 11):  # noqa: UP036
        raise SystemExit("Python 3.11 or newer is needed. Name one: make run PYTHON=python3.12")
    wanted = sys.argv[1]
    if wanted not in COVERS:
        raise SystemExit(__doc__)
    if fingerprint(wanted) in installed():
        return
    install(ROOT / "requirements" / f"{wanted}.txt")
    STAMP.write_text("\n".join(fingerprint(name) for name in COVERS[wanted]) + "\n")


def fingerprint(name: str) -> str:
    lock = (ROOT / "requirements" / f"{name}.txt").read_bytes()
    return f"{hashlib.sha256(lock).hexdigest()}  {name}.txt"


def installed() -> set[str]:
    runs = PYTHON.exists() and not subprocess.run([PYTHON, "-c", ""], check=False).returncode
    return set(STAMP.read_text().splitlines()) if runs and STAMP.exists() else set()


def install(lock: Path) -> None:
    uv = shutil.which("uv")
    print(f"Setting up .venv from {lock.name} with {'uv' if uv else 'pip'}", flush=True)
    STAMP.unlink(missing_ok=True)
    if not PYTHON.exists():
        make_environment(uv)
    if uv:
        command = [uv, "pip", "sync", "--python", PYTHON, "--compile-bytecode"]
    else:
        quiet = ("--disable-pip-version-check", "--progress-bar", "off")
        command = [PYTHON, "-m", "pip", "install", *quiet, "-r"]
    subprocess.run([*command, lock, "--require-hashes"], check=True)


def make_environment(uv: str | None) -> None:
    if uv:
        command = [uv, "venv", "--python", sys.executable, "--clear", VENV]
    else:
        command = [sys.executable, "-m", "venv", "--clear", VENV]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit("No virtual environment. On Debian: apt-get install python3-venv")


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        main()
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"Setting up .venv failed ({error.returncode}); run it again.") from None
