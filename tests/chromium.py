"""Where Chromium is. The browser tests drive the one of the system; none is downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = """\
The browser tests need Chromium and a Chinese font, and none was found.
  Debian, Ubuntu: apt-get update && apt-get install -y chromium fonts-noto-cjk
  elsewhere:      set CHROMIUM to the program of a Chromium or Chrome"""


def chromium() -> str | None:
    """Return the path of the browser's program, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    if not chromium():
        raise SystemExit(MISSING)
