"""Health checks for containers: `python -m config.probe web|beat|watch`. Exit code 0 means well."""

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

_BEAT_SILENT_SECONDS = 30
_WATCH_SILENT_SECONDS = 120


def web() -> bool:
    host = urlsplit(os.environ.get("PUBLIC_URL", "")).netloc or "localhost"
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5
    )
    connection.request("GET", "/healthz", headers={"Host": host})
    return connection.getresponse().status == http.HTTPStatus.OK


def beat() -> bool:
    alive = Path(os.environ.get("DATA_DIR", "var")) / "beat-alive"
    return time.time() - alive.stat().st_mtime < _BEAT_SILENT_SECONDS


def watch() -> bool:
    alive = Path(os.environ.get("DATA_DIR", "var")) / "watch-alive"
    return time.time() - alive.stat().st_mtime < _WATCH_SILENT_SECONDS


PROBES = {"web": web, "beat": beat, "watch": watch}

if __name__ == "__main__":
    sys.exit(0 if PROBES[sys.argv[1]]() else 1)
