"""What stands in for an RDS Proxy: an address that leads on to a server, byte by byte.

TLS passes through, from the client to the server. Connections are not shared, so there is one at
the server for each at the proxy; authentication is the server's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable

from groundplan_local.containers.addresses import Place

logger = logging.getLogger("groundplan.databases")

_CHUNK = 65536

Target = Callable[[], "tuple[str, int] | None"]


class Forwarder:
    """One address; where it leads is asked anew for each connection."""

    def __init__(self, place: Place, port: int) -> None:
        self.place = place
        self.target: Target | None = None
        self._port = place.port(port)
        self._server: asyncio.Server | None = None

    @property
    def host(self) -> str:
        return self.place.host

    def start(self) -> None:
        _on_loop(self._listen())

    def stop(self) -> None:
        _on_loop(self._close())

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._client, self.host, self._port)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found = self.target() if self.target is not None else None
        try:
            if found is None:
                return
            to_reader, to_writer = await asyncio.open_connection(*found)
            await asyncio.gather(_pipe(reader, to_writer), _pipe(to_reader, writer))
        except OSError as error:
            logger.info("%s:%s leads to %s: %s", self.host, self._port, found, error)
        finally:
            writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    finally:
        with contextlib.suppress(OSError):
            writer.close()


_loop: asyncio.AbstractEventLoop | None = None
_starting = threading.Lock()


def _on_loop(work: object) -> None:
    """All forwarders share one loop in a thread of its own: the emulator's may be busy."""
    global _loop
    with _starting:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(
                target=_loop.run_forever, daemon=True, name="groundplan-forwarders"
            ).start()
    asyncio.run_coroutine_threadsafe(work, _loop).result(10)  # type: ignore[arg-type]
