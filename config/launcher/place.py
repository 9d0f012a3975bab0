"""Where the engines live, and as whom they run.

PostgreSQL refuses to run as root. Started by root, the engines run as an unprivileged user, and
their folder lies outside the data folder, linked from it: a clone below root's home could not be
reached by that user. Started by anyone else, everything stays inside the data folder.
"""

import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT_PARENT = Path("/var/lib/rehab-tracker")
UNPRIVILEGED_USERS = ("postgres", "nobody")
# A socket's address is 108 bytes with its closing zero, in the kernel.
LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True, slots=True)
class Runner:
    """The user an engine runs as; None where that is simply us."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_run(self, program: Path) -> bool:
        try:
            subprocess.run(
                [program, "--version"],
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else (),
                check=True,
                capture_output=True,
                cwd="/",
            )
        except (OSError, subprocess.CalledProcessError):
            return False
        return True


def engine_runner() -> Runner:
    if os.geteuid() != 0:
        return Runner()
    for name in UNPRIVILEGED_USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(user.pw_uid, user.pw_gid)
    raise SystemExit("PostgreSQL cannot run as root, and there is no user `postgres` or `nobody`.")


def private_folder(path: Path, runner: Runner | None = None) -> Path:
    """Make the folder where it is missing; in any case let only its owner in."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if runner:
        runner.own(path)
    return path


def engine_folder(home: Path, runner: Runner, root_parent: Path = ROOT_PARENT) -> Path:
    """Return the folder of the engines of this data folder, made on first use."""
    link = home / "engines"
    if runner.uid is None:
        return private_folder(link)
    if link.is_symlink() and link.exists():
        return private_folder(link.resolve(), runner)
    root_parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="rehab-", dir=root_parent))
    link.unlink(missing_ok=True)
    link.symlink_to(folder)
    return private_folder(folder, runner)


def socket_folder(folder: Path, runner: Runner, longest_name: str) -> Path:
    """Return a private folder whose sockets have addresses short enough for the kernel."""
    inside = folder / "run"
    if len(os.fsencode(inside / longest_name)) <= LONGEST_SOCKET_PATH:
        return private_folder(inside, runner)
    short = Path(tempfile.mkdtemp(prefix="rehab-", dir="/tmp"))
    return private_folder(short, runner)
