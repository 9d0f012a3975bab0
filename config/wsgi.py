"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.checks import refuse_faulty_environment  # noqa: E402  needs the settings

refuse_faulty_environment()

# Every address is loaded before the first request: nobody waits for it, and `post_worker_init` of
# config/gunicorn.conf.py sees all that lives as long as the worker.
get_resolver().url_patterns  # noqa: B018  loads them
