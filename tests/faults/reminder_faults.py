"""What can go wrong while reminders leave, each done to real processes."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import redis

from bench.installation import Installation
from bench.push_sink import Sink
from config.launcher.engines import Engines
from tests.faults.silent_proxy import SilentProxy

HOLE_SECONDS = 90
VALKEY_AWAY_SECONDS = 10


@dataclass(slots=True)
class Scene:
    """Everything that a fault can strike. The way to the sink and to Valkey leads over proxies.

    meanwhile: what goes on while time passes, faults or none.
    """

    engines: Engines
    installation: Installation
    sink: Sink
    to_valkey: SilentProxy
    to_sink: SilentProxy
    meanwhile: Callable[[], None] = lambda: None

    def behave(self) -> None:
        """Let the push service work as it does: it takes a moment to answer."""
        self.sink.behave(latency=0.02)

    def live(self, seconds: float) -> None:
        """Let time pass, starting again what ended, as the launcher does."""
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            self.installation.look(now)
            self.meanwhile()
            time.sleep(0.05)


# A fault returns how many worker processes it cut off in the middle of their work.
Fault = Callable[[Scene, Random], int]


def worker_child(scene: Scene, random: Random) -> int:
    children = scene.installation.worker_processes()
    if not children:
        return 0
    _kill(random.choice(children))
    return 1


def whole_worker(scene: Scene, random: Random) -> int:
    children = scene.installation.worker_processes()
    for pid in (scene.installation.pid("worker"), *children):
        if pid:
            _kill(pid)
    return len(children)


def beat(scene: Scene, random: Random) -> int:
    if pid := scene.installation.pid("beat"):
        _kill(pid)
    return 0


def valkey_emptied(scene: Scene, random: Random) -> int:
    valkey = scene.engines.valkey
    with redis.Redis(
        unix_socket_path=str(valkey.socket), password=valkey.secrets["valkey"]
    ) as client:
        client.flushall()
    return 0


def valkey_stopped(scene: Scene, random: Random) -> int:
    """Work that was begun is broken off: the worker lost the connection that it answers over."""
    scene.engines.children[1].stop()
    scene.live(VALKEY_AWAY_SECONDS)
    scene.engines.children[1] = scene.engines.valkey.start()
    return scene.installation.workers


def postgres_restarted(scene: Scene, random: Random) -> int:
    """What was sent and not recorded yet is sent again."""
    scene.engines.children[0].stop()
    scene.engines.children[0] = scene.engines.postgres.start()
    return scene.installation.workers


def sink_refusing(scene: Scene, random: Random) -> int:
    scene.sink.behave("refuse")
    scene.live(random.uniform(3, 12))
    scene.behave()
    return 0


def sink_hanging(scene: Scene, random: Random) -> int:
    scene.sink.behave("hang")
    scene.live(random.uniform(3, 12))
    scene.behave()
    return 0


def network_hole(scene: Scene, random: Random) -> int:
    """Nothing passes to Valkey or to the push service, and no socket says so, for 90 seconds."""
    for proxy in (scene.to_valkey, scene.to_sink):
        proxy.fall_silent()
    scene.live(HOLE_SECONDS)
    for proxy in (scene.to_valkey, scene.to_sink):
        proxy.speak_again()
    return scene.installation.workers


QUICK: Mapping[str, Fault] = {
    "worker child killed": worker_child,
    "whole worker killed": whole_worker,
    "beat killed": beat,
    "Valkey emptied": valkey_emptied,
    "Valkey stopped 10 s": valkey_stopped,
    "PostgreSQL restarted": postgres_restarted,
    "sink refusing": sink_refusing,
    "sink hanging": sink_hanging,
}
HOLE: Mapping[str, Fault] = {"network hole of 90 s": network_hole}


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
