"""Taking turns: a run of the service, one of its own statements, one of its floor, and again."""

from collections.abc import Callable, Mapping, Sequence

from bench.calls import CLIENTS, Call
from bench.client import Run, drive
from bench.played import Played
from bench.servers import Server
from bench.statements import count
from bench.table import Measured

_WARM = 4 * CLIENTS


def played_for(calls: Sequence[Call], *, runs: int) -> dict[str, Sequence[Played]]:
    """Play beforehand what the runs of the service's own statements need, by the key of a call."""
    return {call.key: call.played(_WARM + runs * call.requests) for call in calls if call.played}


def measured_calls(
    calls: Sequence[Call],
    *,
    product: Server,
    replay: Server,
    floor: Server,
    played: Mapping[str, Sequence[Played]],
    runs: int,
    say: Callable[[str], None],
) -> list[Measured]:
    counted = {call.name: count(call.sample) for call in calls}
    ours: dict[str, list[Run]] = {call.name: [] for call in calls}
    own: dict[str, list[Run]] = {call.name: [] for call in calls}
    bare: dict[str, list[Run]] = {call.name: [] for call in calls}
    left = {key: list(enumerate(some)) for key, some in played.items()}

    def replayed(call: Call, requests: int) -> Run:
        now, left[call.key] = left[call.key][:requests], left[call.key][requests:]
        return drive(replay.address, call.replay(replay.port, now))

    for call in calls:
        drive(product.address, call.product(product.port, min(_WARM, call.requests)))
        drive(floor.address, call.floor(floor.port, _WARM))
        if call.played:
            replayed(call, _WARM)
    for turn in range(runs):
        for call in calls:
            ours[call.name].append(
                drive(product.address, call.product(product.port, call.requests))
            )
            if call.played:
                own[call.name].append(replayed(call, call.requests))
            more = call.requests * call.floor_more
            bare[call.name].append(drive(floor.address, call.floor(floor.port, more)))
        say(f"run {turn + 1} of {runs}")
    return [
        Measured(
            call.name,
            call.aim,
            ours[call.name],
            own[call.name],
            bare[call.name],
            counted[call.name],
        )
        for call in calls
    ]
