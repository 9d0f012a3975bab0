"""The launcher's parts, one by one."""

import os
import signal
import smtplib
import stat
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from config.launcher import data_folder
from config.launcher.children import Child
from config.launcher.mailbox import KeepAsFiles
from config.launcher.place import LONGEST_SOCKET_PATH, Runner, private_folder, socket_folder
from config.launcher.ports import free_port
from config.launcher.secret_file import kept_secrets
from config.launcher.supervisor import Watched


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_passwords_are_made_once_and_kept_for_their_owner_alone(tmp_path: Path) -> None:
    first = kept_secrets(tmp_path / "secrets.json")

    assert kept_secrets(tmp_path / "secrets.json") == first
    assert mode(tmp_path / "secrets.json") == 0o600
    assert len(set(first.values())) == len(first)


def test_a_folder_that_stood_open_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    assert mode(private_folder(tmp_path)) == 0o700


def test_a_second_taker_of_the_data_folder_is_told_who_holds_it(tmp_path: Path) -> None:
    with data_folder.take(tmp_path), pytest.raises(data_folder.AlreadyRunning) as refusal:
        data_folder.take(tmp_path)

    assert str(os.getpid()) in str(refusal.value)
    assert "DATA_DIR" in str(refusal.value)


def test_a_freed_data_folder_can_be_taken_again(tmp_path: Path) -> None:
    data_folder.take(tmp_path).close()

    data_folder.take(tmp_path).close()


def test_the_addresses_left_for_manage_are_private_and_go_with_the_launcher(
    tmp_path: Path,
) -> None:
    data_folder.publish(tmp_path, {"DATABASE_URL": "postgres://x", "HOME": "/"}, ["DATABASE_URL"])

    assert (tmp_path / "env").read_text() == "DATABASE_URL=postgres://x\n"
    assert mode(tmp_path / "env") == 0o600
    data_folder.withdraw(tmp_path)
    assert not (tmp_path / "env").exists()


def test_sockets_move_to_a_short_private_folder_when_the_path_is_too_long(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)

    sockets = socket_folder(deep, Runner(), ".s.PGSQL.5432")

    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert mode(sockets) == 0o700
    sockets.rmdir()


def test_a_child_that_will_not_listen_is_stopped_all_the_same() -> None:
    deaf = (
        "import signal,time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(99)"
    )
    child = Child("deaf", python(deaf), patience_seconds=0.2)
    child.start()

    child.stop()

    assert not child.running


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from config.launcher.children import Child\n"
        "child = Child('sleeper', ['sleep', '99']); child.start()\n"
        "print(child.process.pid, flush=True); time.sleep(99)\n"
    )
    with subprocess.Popen(python(code), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()

    assert ends(pid)


def ends(pid: int) -> bool:
    watched = os.pidfd_open(pid) if Path(f"/proc/{pid}").exists() else None
    if watched is None:
        return True
    import select

    ready, _, _ = select.select([watched], [], [], 5)
    os.close(watched)
    return bool(ready)


def test_a_child_that_ends_is_started_again_later_each_time() -> None:
    watched = Watched(Child("brief", python("")), started_at=0)
    waits = []
    now = 0.0

    for _ in range(3):
        watched.child.start()
        assert watched.child.process
        watched.child.process.wait()
        watched.restart_at = None
        watched.look(now)
        assert watched.restart_at is not None
        waits.append(watched.restart_at - now)

    assert waits == [1, 2, 4]
    watched.child.stop()


def test_a_child_that_ran_for_long_is_started_again_soon() -> None:
    watched = Watched(Child("steady", python("")), wait_seconds=16, started_at=0)
    watched.child.start()
    assert watched.child.process
    watched.child.process.wait()

    watched.look(1000)

    assert watched.restart_at == 1001
    watched.child.stop()


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[int]:
    controller = Controller(KeepAsFiles(tmp_path), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


def test_the_mailbox_keeps_a_message_that_came_by_smtp(mailbox: int, tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rehab@a.test", "bob@b.test", "到时间了"
    message.set_content("Open the app.")

    with smtplib.SMTP("127.0.0.1", mailbox) as client:
        client.send_message(message)

    (kept,) = tmp_path.glob("*.eml")
    assert "X-Envelope-To: bob@b.test" in kept.read_text()
    assert "Open the app." in kept.read_text()
    assert mode(kept) == 0o600
