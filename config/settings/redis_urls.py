"""One address in, two out: Celery's broker is database 0, the cache is database 1.

Celery and redis-py spell a Unix socket differently: `redis+socket://…?virtual_host=0` and
`unix://…?db=1`.
"""

from urllib.parse import urlsplit, urlunsplit


def broker_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return urlunsplit(("redis+socket", parts.netloc, parts.path, "virtual_host=0", ""))
    return urlunsplit((parts.scheme, parts.netloc, "/0", parts.query, ""))


def cache_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return urlunsplit(("unix", parts.netloc, parts.path, "db=1", ""))
    return urlunsplit((parts.scheme, parts.netloc, "/1", parts.query, ""))
