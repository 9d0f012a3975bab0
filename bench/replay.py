"""The service's own statements, sent by a bare WSGI function: a call without its Python.

It sends the same bytes to the database in the same trips, commits, and gives the same answer. Every
lock, look, row, recount and line of the audit is there; nothing is decoded, judged or put together.
`BENCH_REPLAY` names the file of `bench.played.write_played`.
"""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench import kept

_PLAYED: dict[str, Any] = json.loads(Path(os.environ["BENCH_REPLAY"]).read_text())


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    name, _, place = environ["PATH_INFO"].strip("/").partition("/")
    call = _PLAYED[name][int(place)]
    cursor = kept.cursor(_PLAYED["first"])
    for trip in call["trips"]:
        cursor.execute(trip)
        if cursor.description:
            cursor.fetchall()
    body = call["answer"].encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
