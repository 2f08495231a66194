"""A port of an address that leads on to others, byte by byte: RDS proxies, network load balancers.

TLS passes through, from the client to where its connection leads. Connections are not shared: there
is one behind the forwarder for each before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine, Generator
from typing import Any

logger = logging.getLogger("groundplan.forwarder")

_CHUNK = 65536

Address = tuple[str, int]
Ways = Generator[Address, None, None]
"""Where one connection may lead, best first: another is asked for when one refused, and it is
closed when the connection has ended."""


class Forwarder:
    """One port of one address; where it leads is asked anew for each connection."""

    def __init__(self, host: str, port: int, ways: Callable[[], Ways]) -> None:
        self.host = host
        self.port = port
        self._ways = ways
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        _on_loop(self._listen())

    def stop(self) -> None:
        """Listen no more, and end what still goes through: the address may be somebody else's."""
        _on_loop(self._close())

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._client, self.host, self.port)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            with contextlib.closing(self._ways()) as ways:
                await self._lead(ways, reader, writer)
        except asyncio.CancelledError:
            pass  # stopped; the server's own handling of its connections would log it
        except Exception:
            logger.exception("%s:%s", self.host, self.port)
        finally:
            self._connections.discard(connection)
            writer.close()

    async def _lead(
        self, ways: Ways, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        for host, port in ways:
            try:
                to_reader, to_writer = await asyncio.open_connection(host, port)
            except OSError as error:
                logger.info("%s:%s leads to %s:%s: %s", self.host, self.port, host, port, error)
                continue
            try:
                await asyncio.gather(_pipe(reader, to_writer), _pipe(to_reader, writer))
            except OSError as error:
                logger.info("%s:%s to %s:%s ended: %s", self.host, self.port, host, port, error)
            finally:
                to_writer.close()
            return


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction; its end is passed on, and the other direction may go on."""
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


_loop: asyncio.AbstractEventLoop | None = None
_starting = threading.Lock()


def _on_loop(work: Coroutine[Any, Any, None]) -> None:
    """All forwarders share one loop in a thread of its own: the emulator's may be busy."""
    global _loop
    with _starting:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(
                target=_loop.run_forever, daemon=True, name="groundplan-forwarders"
            ).start()
    asyncio.run_coroutine_threadsafe(work, _loop).result(10)
