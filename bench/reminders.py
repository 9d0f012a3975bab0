"""`make bench-reminders`: many reminders due at one moment, to a push service on loopback.

Engines of its own in a temporary folder (fsync on), patients with a phone each, the real worker
and the real beat. Lateness is measured where a message arrives. What the machine could do at most
is measured in the same run. Nothing is left behind.
"""

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.api import prepare, say, set_up_django
from bench.machine import described
from bench.push_sink import Sink, running_sink
from config.launcher.engines import Engines, temporary_engines

if TYPE_CHECKING:
    from bench.limits import Posting
    from bench.peak import Peak

_FEW_ROWS = 10_000
_SHARE_OF_SEALING = 0.12


@dataclass(frozen=True, slots=True)
class Limits:
    """What the machine does at most. idle: waiting rows -> ms of a tick that finds nothing due.

    ecdh_cpu_seconds: the CPU of one key agreement, which does not depend on who else computes.
    posting: of a message: its request, and sending it and hearing the answer.
    """

    ecdh: float
    ecdh_cpu_seconds: float
    seals: float
    rows: float
    posting: "Posting"
    idle: Mapping[int, float]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.reminders", description=__doc__)
    parser.add_argument("--due", type=int, default=5_000, help="reminders due at one moment")
    parser.add_argument("--future", type=int, default=100_000, help="rows that wait besides")
    parser.add_argument("--latency", type=int, default=0, help="ms until the push service answers")
    parser.add_argument("--sealed", action="store_true", help="encrypt ahead, as for a peak")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--runs", type=int, default=2, help="runs; each is printed")
    return parser.parse_args()


def measure(asked: argparse.Namespace, engines: Engines, environment: Mapping[str, str]) -> None:
    from django.utils import timezone

    from bench.crowd import make_crowd
    from bench.peak import peak

    machine = described()
    with running_sink() as sink:
        crowd = make_crowd(at=timezone.now())
        say(f"making {asked.due:,} patients with a phone each")
        crowd.grow(asked.due, port=sink.port)
        limits = _limits(asked, engines, crowd, sink)
        sink.behave(latency=asked.latency / 1000)
        # Rows and words around a body take most of its time.
        ahead = limits.seals * _SHARE_OF_SEALING if asked.sealed else None
        found = []
        for _ in range(asked.runs):
            found.append(
                peak(
                    crowd, sink, engines, environment, workers=asked.workers, sealed_a_second=ahead
                )
            )
            say(f"all arrived, the last {found[-1].within(1):.1f} s late")
    print(f"\n{machine}\n{_asked_for(asked)}\n")
    print(
        f"{'arrive/s':>9} {'ratio':>6} {'p50 s':>7} {'p99 s':>7} {'max s':>7} {'CPU ms':>7}"
        f" {'twice':>5} {'opened':>6}"
    )
    for each in found:
        print(
            f"{each.per_second:9,.0f} {each.per_second / _limit(asked, limits):6.2f}"
            f" {each.within(0.5):7.2f} {each.within(0.99):7.2f} {each.within(1):7.2f}"
            f" {sum(each.cpu_milliseconds.values()):7.2f} {each.repeated:5} {each.opened:6}"
        )
    for each in found:
        print(_cost(each, limits))
    _print_limits(limits)


def _limits(asked: argparse.Namespace, engines: Engines, crowd: Any, sink: Sink) -> Limits:
    from django.utils import timezone

    from bench import limits
    from bench.clinic import settle_tables
    from bench.crowd import phone_address
    from bench.filling import add_future

    idle: dict[int, float] = {}
    for rows in sorted({min(_FEW_ROWS, asked.future), asked.future}):
        missing = rows - max(idle, default=0)
        add_future(missing, crowd.patients, superuser=engines.postgres.url("postgres"))
        settle_tables()
        idle[rows] = limits.idle_tick_milliseconds(at=timezone.now())
        say(f"{rows:,} rows wait")
    moment = timezone.now()
    crowd.remind(crowd.patients, due_at=moment, at=moment)
    return Limits(
        limits.ecdh_per_second(),
        limits.ecdh_cpu_seconds(),
        limits.seals_per_second(),
        limits.rows_per_second(at=moment),
        limits.posting(phone_address(crowd.cast.alice.pk, port=sink.port)),
        idle,
    )


def _limit(asked: argparse.Namespace, limits: Limits) -> float:
    """Return what two cores could do at most: encrypt on the spot, or claim and finish rows."""
    return limits.rows if asked.sealed else min(limits.rows, 2 * limits.ecdh)


def _asked_for(asked: argparse.Namespace) -> str:
    sealed = "sealed ahead" if asked.sealed else "sealed on the spot"
    return (
        f"{asked.due:,} due at once among {asked.future:,} that wait, {sealed}, "
        f"{asked.workers} worker processes, the push service answers after {asked.latency} ms"
    )


def _cost(peak: "Peak", limits: Limits) -> str:
    """Say where the CPU of a message went, and what that means where nobody else computes."""
    ahead, then = peak.milliseconds_ahead, peak.cpu_milliseconds
    whole = sum(ahead.values()) + sum(then.values())
    free = 2000 / whole
    return (
        f"CPU of a message: before its moment {_shares(ahead)}; from then on {_shares(then)}."
        f" Two cores with nothing else to do: {free:,.0f} a second with all of it (computed),"
        f" {free * limits.ecdh_cpu_seconds / 2:.2f} of their P-256 ECDH."
    )


def _shares(milliseconds: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {spent:.3f} ms" for name, spent in milliseconds.items())


def _print_limits(limits: Limits) -> None:
    print(
        f"\nLimits: {limits.ecdh:,.0f} P-256 ECDH ({1e6 * limits.ecdh_cpu_seconds:.0f} µs of CPU)"
        f" and {limits.seals:,.0f} sealed messages a second and core;"
        f" {limits.rows:,.0f} rows claimed and finished a second."
    )
    posting = limits.posting
    print(
        f"A request takes {1e6 * posting.made_ready:.0f} µs of CPU to encrypt and to make,"
        f" {1e6 * posting.answered:.0f} µs to send and to hear of:"
        f" {posting.answered_per_second:,.0f} a second from one process."
    )
    for rows, milliseconds in limits.idle.items():
        print(f"Idle tick beside {rows:,} rows: {milliseconds:.2f} ms to find that nothing is due.")


def main() -> None:
    from bench.installation import SINK_IS_PRIVATE

    asked = arguments()
    say("starting PostgreSQL and Valkey in a temporary folder")
    began = time.monotonic()
    with temporary_engines() as engines:
        environment = {**prepare(engines), **SINK_IS_PRIVATE}
        set_up_django({**environment, **engines.owner_environment()})
        try:
            measure(asked, engines, environment)
        finally:
            from django.db import connections

            connections.close_all()
    say(f"done in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
