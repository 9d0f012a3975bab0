"""gunicorn: a few processes, each with threads that keep their database connection."""

import ctypes
from contextlib import suppress
from pathlib import Path

from config.memory import leave_what_was_loaded
from config.settings.env import env

wsgi_app = "config.wsgi:application"
bind = f"{env.text('HOST', '127.0.0.1')}:{env.integer('PORT', 8000, least=1, most=65535)}"
workers = env.integer("WEB_CONCURRENCY", 2, least=1, most=128)
worker_class = "gthread"
threads = env.integer("WEB_THREADS", 4, least=1, most=64)
# Each process listens by itself, else the one that wakes first takes nearly all connections, and
# kept connections stay where they are.
reuse_port = True
keepalive = 30
timeout = 60
graceful_timeout = 15
# A worker's heartbeat must not wait for a slow disk.
_MEMORY = Path("/dev/shm")
worker_tmp_dir = str(_MEMORY) if _MEMORY.is_dir() else None
control_socket_disable = True
# Neither the sender's address nor the query is written: both may identify a person.
accesslog = env.text("ACCESS_LOG") or None
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
loglevel = "warning"


_M_ARENA_MAX = -8  # malloc.h of glibc


def post_fork(server: object, worker: object) -> None:
    """Let the threads of a worker share one arena of memory, before there are any.

    They take turns by the interpreter's lock anyway. Measured: two megabytes a worker, no time.
    """
    with suppress(AttributeError):  # another C library has no arenas
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def post_worker_init(worker: object) -> None:
    leave_what_was_loaded()
