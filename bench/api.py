"""`make bench-api`: the API under load, each call beside its floor in the same run.

Engines of its own in a temporary folder (fsync on), a clinic with history, two gunicorn servers,
eight keep-alive clients. Run and floor take turns; medians are printed. Nothing is left behind.
"""

import argparse
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from config.launcher import services
from config.launcher.engines import Engines, temporary_engines

_BEGAN = time.monotonic()


def say(text: str) -> None:
    print(f"[{time.monotonic() - _BEGAN:5.1f} s] {text}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    parser.add_argument("--rows", type=int, default=80_000, help="session logs in the database")
    parser.add_argument("--logs", type=int, default=2_000, help="logs of the patient that is read")
    parser.add_argument("--runs", type=int, default=5, help="runs of each call")
    parser.add_argument("--scale", type=float, default=1.0, help="more or fewer requests a run")
    parser.add_argument("--only", default="", help="only calls whose name contains this")
    return parser.parse_args()


def prepare(engines: Engines) -> dict[str, str]:
    """Migrate and load the content; return the environment of the web servers."""
    local = services.local_environment(engines.home, engines.secrets)
    chosen = {"DEMO": "0", "COLLECT_STATIC": "0", "STATIC_ROOT": str(engines.home / "static")}
    (engines.home / "static").mkdir()
    environment = {**local, **engines.environment(), **chosen}
    child = services.preparation({**environment, **engines.owner_environment()})
    child.start()
    assert child.process
    if child.process.wait():
        raise SystemExit("Preparing the database failed; the reason stands above.")
    return environment


def set_up_django(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


def measure(asked: argparse.Namespace, engines: Engines, environment: Mapping[str, str]) -> None:
    """Make the clinic, start both servers, measure and print."""
    from django.utils import timezone

    from bench.calls import CLIENTS, calls_of, writers_needed
    from bench.clinic import count_logs, make_clinic, settle_tables, write_floor
    from bench.machine import described
    from bench.measuring import measured_calls, played_for
    from bench.played import write_played
    from bench.servers import FLOOR, REPLAY, Server, running
    from bench.table import table

    machine = described()
    clinic = make_clinic(
        at=timezone.now(),
        writers=writers_needed(asked.scale, asked.runs),
        rows=asked.rows,
        logs=asked.logs,
        say=say,
    )
    plan = Path(engines.home) / "floor.json"
    write_floor(clinic, plan)
    settle_tables()
    calls = [
        call
        for call in calls_of(clinic, scale=asked.scale, runs=asked.runs)
        if asked.only in call.name
    ]
    say("playing calls beforehand, for the statements alone")
    played, replay = played_for(calls, runs=asked.runs), Path(engines.home) / "replay.json"
    write_played(played, replay)
    say(f"{count_logs(clinic):,} session logs are there; measuring")
    with ExitStack() as stack:
        product = stack.enter_context(running(Server("service", environment)))
        floor = stack.enter_context(
            running(Server("floor", {**environment, "BENCH_FLOOR": str(plan)}, FLOOR))
        )
        alone = stack.enter_context(
            running(Server("replay", {**environment, "BENCH_REPLAY": str(replay)}, REPLAY))
        )
        found = measured_calls(
            calls,
            product=product,
            replay=alone,
            floor=floor,
            played=played,
            runs=asked.runs,
            say=say,
        )
        memory = product.worker_megabytes
    print(f"\n{machine}\n{CLIENTS} clients, medians of {asked.runs} runs\n")
    print(table(found))
    print(f"\nThe largest of the 2 workers has {memory:.0f} MB resident (aim: < 120 MB).")


def main() -> None:
    asked = arguments()
    say("starting PostgreSQL and Valkey in a temporary folder")
    with temporary_engines() as engines:
        environment = prepare(engines)
        set_up_django({**environment, **engines.owner_environment()})
        try:
            measure(asked, engines, environment)
        finally:
            from django.db import connections

            connections.close_all()


if __name__ == "__main__":
    main()
