"""gunicorn: a few processes, each with threads that keep their database connection."""

import os
from pathlib import Path

wsgi_app = "config.wsgi:application"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
keepalive = 30
timeout = 60
graceful_timeout = 15
# A worker's heartbeat must not wait for a slow disk.
_MEMORY = Path("/dev/shm")
worker_tmp_dir = str(_MEMORY) if _MEMORY.is_dir() else None
control_socket_disable = True
# Neither the sender's address nor the query is written: both may identify a person.
accesslog = os.environ.get("ACCESS_LOG") or None
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
