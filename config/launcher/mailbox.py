"""A real SMTP server on loopback that keeps each message as a file: `var/mail/*.eml`.

The embedded start uses it until EMAIL_URL names a server, so that a newcomer sees what leaves.
"""

import argparse
import signal
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from config.launcher.secret_file import write_private


class KeepAsFiles:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.monotonic_ns()}.eml"
        recipients = "".join(f"X-Envelope-To: {address}\n" for address in envelope.rcpt_tos)
        body = envelope.content.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
        write_private(self.folder / name, recipients + body)
        return f"250 kept as {name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    controller = Controller(KeepAsFiles(options.folder), hostname="127.0.0.1", port=options.port)
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    main()
