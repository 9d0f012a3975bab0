"""A stretch of network that can go silent: what was connected then stays mute for ever.

Nothing is closed and nothing refused, as where a firewall forgets its connections. SIGUSR1 begins
the silence, SIGUSR2 ends it for new connections only.
`python -m tests.faults.silent_proxy PORT UPSTREAM`, UPSTREAM being a port or the path of a socket.
"""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from config.launcher.children import Child, wait_until
from config.launcher.ports import free_port, is_free
from config.launcher.services import ROOT


@dataclass(slots=True)
class SilentProxy:
    child: Child
    port: int

    def fall_silent(self) -> None:
        self._signal(signal.SIGUSR1)

    def speak_again(self) -> None:
        self._signal(signal.SIGUSR2)

    def _signal(self, number: signal.Signals) -> None:
        assert self.child.process
        self.child.process.send_signal(number)


@contextmanager
def running_proxy(upstream: str) -> Iterator[SilentProxy]:
    port = free_port()
    command = [sys.executable, "-m", "tests.faults.silent_proxy", str(port), upstream]
    child = Child("proxy", command, folder=ROOT)
    child.start()
    try:
        wait_until(lambda: not is_free("127.0.0.1", port), child, 20)
        yield SilentProxy(child, port)
    finally:
        child.stop()


@dataclass(eq=False, slots=True)
class _Link:
    """One connection through the proxy; once mute it stays so."""

    mute: bool = False


@dataclass(slots=True)
class _Network:
    upstream: str
    silent: bool = False
    links: set[_Link] = field(default_factory=set)
    tasks: "set[asyncio.Task[None] | None]" = field(default_factory=set)

    def fall_silent(self) -> None:
        self.silent = True
        for link in self.links:
            link.mute = True

    def speak_again(self) -> None:
        self.silent = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(mute=self.silent)
        self.links.add(link)
        # The loop itself holds a waiting task only weakly: a mute one would be closed by and by.
        self.tasks.add(asyncio.current_task())
        if link.mute:
            await asyncio.Event().wait()
        try:
            far_reader, far_writer = await self._reach()
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, far_writer, link), _pump(far_reader, writer, link))
        self.links.discard(link)
        self.tasks.discard(asyncio.current_task())

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.upstream.isdigit():
            return await asyncio.open_connection("127.0.0.1", int(self.upstream))
        return await asyncio.open_unix_connection(self.upstream)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: _Link) -> None:
    """Carry bytes one way; of a mute link nothing arrives, not even its end."""
    with suppress(OSError):
        while (data := await reader.read(65_536)) or link.mute:
            if link.mute and not data:
                await asyncio.Event().wait()
            if not link.mute:
                writer.write(data)
                await writer.drain()
    writer.close()


async def _serve(port: int, upstream: str) -> None:
    network, ended = _Network(upstream), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, network.fall_silent)
    loop.add_signal_handler(signal.SIGUSR2, network.speak_again)
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    server = await asyncio.start_server(network.carry, "127.0.0.1", port)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2]))
