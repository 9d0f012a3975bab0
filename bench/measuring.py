"""Taking turns: a run of the service, a run of its floor, and again."""

from collections.abc import Callable, Sequence

from bench.calls import CLIENTS, Call
from bench.client import Run, drive
from bench.servers import Server
from bench.statements import count
from bench.table import Measured

_WARM = 4 * CLIENTS


def measured_calls(
    calls: Sequence[Call],
    *,
    product: Server,
    floor: Server,
    runs: int,
    say: Callable[[str], None],
) -> list[Measured]:
    counted = {call.name: count(call.sample) for call in calls}
    ours: dict[str, list[Run]] = {call.name: [] for call in calls}
    bare: dict[str, list[Run]] = {call.name: [] for call in calls}
    for call in calls:
        drive(product.address, call.product(product.port, min(_WARM, call.requests)))
        drive(floor.address, call.floor(floor.port, _WARM))
    for turn in range(runs):
        for call in calls:
            ours[call.name].append(
                drive(product.address, call.product(product.port, call.requests))
            )
            more = call.requests * call.floor_more
            bare[call.name].append(drive(floor.address, call.floor(floor.port, more)))
        say(f"run {turn + 1} of {runs}")
    return [
        Measured(call.name, call.aim, ours[call.name], bare[call.name], counted[call.name])
        for call in calls
    ]
