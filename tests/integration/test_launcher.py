"""`make run`, from outside: started, killed, started again, stopped."""

import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.launcher.place import Runner
from tests.launched import ROOT, Launched, all_gone, launched_in_temporary_folder, until

NOBODY = 65534


def users() -> list[int | None]:
    """Ourselves; and for root also an ordinary user, where that one can reach this interpreter."""
    ordinary = Runner(NOBODY, NOBODY)
    reachable = os.geteuid() == 0 and ordinary.can_run(Path(sys.executable))
    return [None, NOBODY] if reachable and os.access(ROOT, os.X_OK) else [None]


@pytest.fixture(params=users(), ids=lambda uid: "ordinary user" if uid else "ourselves")
def launched(request: pytest.FixtureRequest) -> Iterator[Launched]:
    with launched_in_temporary_folder(request.param) as launched:
        yield launched


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_serves_restarts_what_dies_recovers_from_a_kill_and_leaves_nobody_behind(
    launched: Launched,
) -> None:
    launched.start()
    assert launched.serves()
    assert "clinician@demo.test" in launched.said

    # Private, also from other users of the machine.
    assert mode(launched.data) == mode(launched.data / "engines") == 0o700
    for name in ("secrets.json", "env", "lock"):
        assert mode(launched.data / name) == 0o600, name

    # A second launch on the same folder says so.
    second = launched.begin()
    assert second.wait(20) != 0
    assert "Already running" in launched.said

    # What dies is started again.
    for word in ("valkey-server", "gunicorn"):
        victim = launched.child(word)
        assert victim
        victim.kill()
        assert until(lambda w=word, v=victim: (now := launched.child(w)) is not None and now != v)
    assert until(launched.serves)

    # The launcher itself is killed: its children end, and the next start finds the data.
    secrets = (launched.data / "secrets.json").read_text()
    children = launched.children
    launched.end(signal.SIGKILL)
    launched.start()
    assert launched.serves()
    assert all_gone(children)
    assert (launched.data / "secrets.json").read_text() == secrets

    # Ctrl-C.
    children = launched.children
    assert launched.end(signal.SIGINT) == 0
    assert all_gone(children)
    assert "the data is kept" in launched.said
    assert not (launched.data / "env").exists()
