"""PostgreSQL, Redis or Valkey, Celery and mail: what runs beside the web process."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url

from config.settings.base import DATA_DIR, PRODUCTION
from config.settings.env import env
from config.settings.redis_urls import broker_url, cache_url

_POSTGRES = ("postgres", "postgresql")


def _database(url: str) -> dict[str, Any]:
    # A folder that holds no socket: commands that need no database work before one is there.
    url = url or "postgres://app@/rehab"
    database: dict[str, Any] = {
        **dj_database_url.parse(
            url, engine="patients.postgresql", conn_max_age=600, conn_health_checks=True
        )
    }
    database["HOST"] = database.get("HOST") or str(DATA_DIR / "no-database")
    # The hot path prepares its statements; a plan made for one patient is right for every other.
    options = database.setdefault("OPTIONS", {})
    # What is asked for lies in memory, so a page by an index costs hardly more than the next one.
    options.setdefault("options", "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1")
    return database


DATABASES = {"default": _database(env.url("DATABASE_URL", _POSTGRES, required=PRODUCTION))}
# Only the step that migrates is given the owner's address.
if _owner := env.url("DATABASE_OWNER_URL", _POSTGRES):
    DATABASES["owner"] = {**_database(_owner), "CONN_MAX_AGE": 0}
DATABASE_ROUTERS = ["config.routers.OwnerMigrates"]

_REDIS = env.url("REDIS_URL", ("redis", "rediss", "unix"), required=PRODUCTION)
_REDIS = _REDIS or f"unix://{DATA_DIR}/no-redis.sock"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": cache_url(_REDIS),
        "KEY_PREFIX": "rehab",
    }
}

# Celery. The truth is rows in PostgreSQL: a message only rings the bell, so results are not kept.
CELERY_BROKER_URL = broker_url(_REDIS)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Without these a worker stays deaf after a hole in the network.
    "socket_timeout": 20,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "visibility_timeout": 600,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Ringing must not hold up the request whose rows are already committed.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 2, least=1, most=64)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 10_000
# A worker that heard nothing for so long while none of its tasks was at work ends, to be started
# again (config.hearing); 0: never.
WORKER_SILENT_SECONDS = env.integer("WORKER_SILENT_SECONDS", 90, least=0, most=3600)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
CELERY_IMPORTS = (
    "rehab.tasks.reminders",
    "rehab.tasks.schedule",
    "rehab.tasks.sealing",
    "rehab.tasks.storage",
)
# A handful of fixed ticks. A tick missed is made up by the next one, so none is worth keeping.
CELERY_BEAT_SCHEDULE = {
    "reminders": {
        "task": "rehab.tasks.reminders.tick",
        # Nobody is told more than about a second late while there are few; looking costs little.
        "schedule": 1.0,
        "options": {"expires": 2},
    },
    "sealing": {
        "task": "rehab.tasks.sealing.seal",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "schedule": {
        "task": "rehab.tasks.schedule.materialise",
        "schedule": 15 * 60.0,
        "options": {"expires": 15 * 60},
    },
    "storage": {
        "task": "rehab.tasks.storage.tend_tables",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
}

# Mail: EMAIL_URL (smtp://user:password@host:587?tls=starttls, smtps://…) or EMAIL_HOST and others.
_MAIL = urlsplit(env.url("EMAIL_URL", ("smtp", "smtps")))
_MAIL_OPTIONS = parse_qs(_MAIL.query)
EMAIL_HOST = _MAIL.hostname or env.text("EMAIL_HOST")
EMAIL_USE_SSL = _MAIL.scheme == "smtps" or env.flag("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _MAIL_OPTIONS.get("tls") == ["starttls"] or env.flag("EMAIL_USE_TLS", False)
EMAIL_PORT = _MAIL.port or env.integer("EMAIL_PORT", 465 if EMAIL_USE_SSL else 25, least=1)
EMAIL_HOST_USER = unquote(_MAIL.username or "") or env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "") or env.text("EMAIL_HOST_PASSWORD")
# Whatever a message leaves by has answered before its lease can end (rehab.models.outbox.LEASE).
LONGEST_TIMEOUT_SECONDS = 30
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 20, least=1, most=LONGEST_TIMEOUT_SECONDS)
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "rehab@localhost", required=PRODUCTION)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if PRODUCTION and not EMAIL_HOST:
    env.note("EMAIL_URL", "is required and is not set: reminders leave by mail")
if EMAIL_USE_SSL and EMAIL_USE_TLS:
    env.note("EMAIL_USE_TLS", "and EMAIL_USE_SSL exclude each other")
if not PRODUCTION:
    EMAIL_HOST = EMAIL_HOST or "127.0.0.1"

# Seconds that a reminder may be late before /readyz says that nobody delivers.
REMINDERS_LATE_AFTER_SECONDS = env.integer("REMINDERS_LATE_AFTER_SECONDS", 300, least=10)

# For how long messages that are over are kept. Twelve weeks of a plan are looked back upon, and
# what somebody did not get is complained of within weeks; docs/adr/0063.
MESSAGES_KEEP_DAYS = env.integer("MESSAGES_KEEP_DAYS", 90, least=35, most=3650)

# The watch: a process of its own that looks at the queue, with ways out that are not the queue's.
WATCH_EVERY_SECONDS = env.integer("WATCH_EVERY_SECONDS", 30, least=1, most=3600)
WATCH_PING_URL = env.url("WATCH_PING_URL", ("http", "https"))
WATCH_ALERT_URL = env.url("WATCH_ALERT_URL", ("http", "https"))
WATCH_ALERT_EMAIL = env.text("WATCH_ALERT_EMAIL")
# What a monitor shows to read /metrics; without one only a local start answers.
METRICS_TOKEN = env.text("METRICS_TOKEN")
if PRODUCTION and METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    env.note("METRICS_TOKEN", "is too short to keep anybody out: use at least 20 random characters")
