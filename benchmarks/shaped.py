"""A line as slow as those of the regions, between a browser and a server: a TCP proxy, sockets included."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

#: Bytes a second to the reader and from them, and seconds one way: 400 and 200 kbit/s, 400 ms there and back.
DOWN, UP, ONE_WAY = 50_000, 25_000, 0.2


@dataclass
class Line:
    """The line that is open: where a browser reaches it, and what it has carried so far."""

    to: int
    port: int = 0
    down: int = 0
    _free: dict[str, float] = field(default_factory=lambda: {"down": 0.0, "up": 0.0})

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection, which takes a way there and back to be made."""
        # Cut short where the line is left: its end is no error.
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.sleep(2 * ONE_WAY)
            theirs, ours = await asyncio.open_connection("127.0.0.1", self.to)
            await asyncio.gather(
                self._carry(reader, ours, "up", UP), self._carry(theirs, writer, "down", DOWN)
            )

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: str, rate: int
    ) -> None:
        """All connections share the line; what is sent arrives later, in its order."""
        loop, waiting = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes] | None]()
        arriving = asyncio.create_task(_arrive(waiting, target))
        with suppress(OSError):
            while data := await source.read(4 * 1460):
                self.down += len(data) if way == "down" else 0
                now = loop.time()
                self._free[way] = max(self._free[way], now) + len(data) / rate
                waiting.put_nowait((self._free[way] + ONE_WAY, data))
                await asyncio.sleep(max(0.0, self._free[way] - now - 0.05))
        waiting.put_nowait(None)
        await arriving


async def _arrive(waiting: "asyncio.Queue[tuple[float, bytes] | None]", target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while (sent := await waiting.get()) is not None:
            moment, data = sent
            await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
            target.write(data)
            await target.drain()
        target.close()


async def _end_all() -> None:
    """What is on its way when the line is left does not arrive."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def shaped(port: int) -> Iterator[Line]:
    """A slow line to a port of this machine, until it is left."""
    line, loop, ready = Line(port), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(line.handle, "127.0.0.1", 0)
        line.port = server.sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.create_task(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield line
    finally:
        asyncio.run_coroutine_threadsafe(_end_all(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
