"""Logs: one JSON object per line on standard error, without personal data (`config.logs`)."""

from typing import Any

from config.settings.env import env

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", _LEVELS, "INFO")},
    "loggers": {
        # Its records quote the address line, which may hold what somebody searched for.
        "django.request": {"level": "ERROR"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "aiosmtpd": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},
    },
}
