"""Passing one request on to a target and its answer back, as it comes.

Each request has a connection of its own. A target that refuses the connection got nothing of the
request, so the next one is asked; once the target has the request, its failure is the client's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

import h11

from groundplan_local.balancer.targets import Key, Target, Targets

_CONNECT_TIMEOUT = 10.0
_READ = 65536
_NOT_PASSED_ON = frozenset(
    [
        "connection",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)

Headers = Mapping[str, Any]
Reply = tuple[int, dict[str, Any], Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Request:
    """What a target gets."""

    method: str
    path: str
    headers: Headers
    body: bytes


class GoneError(Exception):
    """The target did not answer; ``status`` is what the balancer says instead."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def problem(status: int, text: str) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps({"message": text}).encode()


async def forward(
    targets: Targets,
    group: str,
    request: Request,
    least_outstanding: bool,
    idle_timeout: float,
    streaming: Callable[[Callable[[Send, Receive], Awaitable[None]]], Any],
) -> Reply:
    """Ask the targets of a group in turn until one takes the request."""
    tried: set[Key] = set()
    refusal = "no registered targets in target group"
    status = 503
    while True:
        target = targets.take(group, tried, least_outstanding)
        if target is None:
            return problem(status, refusal)
        tried.add(target.key)
        try:
            reader, writer = await _connect(target)
        except OSError as error:
            target.refused = True
            targets.give_back(target)
            status = 502
            refusal = f"target {target.key.host}:{target.key.port} refused: {error}"
            continue
        except BaseException:
            targets.give_back(target)
            raise
        exchange = _Exchange(targets, target, reader, writer, idle_timeout)
        try:
            return await exchange.begin(request, streaming)
        except GoneError as gone:
            exchange.close()
            return problem(gone.status, str(gone))
        except BaseException:
            exchange.close()
            raise


async def _connect(target: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    opening = asyncio.open_connection(target.key.host, target.key.port)
    try:
        return await asyncio.wait_for(opening, _CONNECT_TIMEOUT)
    except asyncio.TimeoutError as error:
        raise OSError("timed out") from error


class _Exchange:
    """One request and its answer."""

    def __init__(
        self,
        targets: Targets,
        target: Target,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        idle_timeout: float,
    ) -> None:
        self._targets = targets
        self._target = target
        self._reader = reader
        self._writer = writer
        self._idle_timeout = idle_timeout
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=128 * 1024)
        self._closed = False

    async def begin(
        self,
        request: Request,
        streaming: Callable[[Callable[[Send, Receive], Awaitable[None]]], Any],
    ) -> Reply:
        try:
            self._write(_head(request, self._target))
            if request.body:
                self._write(h11.Data(data=request.body))
            self._write(h11.EndOfMessage())
            await self._writer.drain()
            response = await self._response()
        except (OSError, h11.ProtocolError) as error:
            raise GoneError(502, f"target ended the connection: {error}") from error
        headers: dict[str, Any] = {}
        for raw_name, raw_value in response.headers:
            name = raw_name.decode("latin-1").lower()
            if name in ("connection", "keep-alive", "transfer-encoding"):
                continue
            headers.setdefault(name, []).append(raw_value.decode("latin-1"))
        flat = {name: values[0] if len(values) == 1 else values for name, values in headers.items()}
        flat["date"] = formatdate(usegmt=True)
        return response.status_code, flat, streaming(self._stream)

    async def _response(self) -> h11.Response:
        while True:
            event = await self._event()
            if isinstance(event, h11.Response):
                return event
            if isinstance(event, (h11.ConnectionClosed, h11.EndOfMessage)):
                raise GoneError(502, "target closed the connection without an answer")

    async def _event(self) -> Any:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            try:
                data = await asyncio.wait_for(self._reader.read(_READ), self._idle_timeout)
            except asyncio.TimeoutError as error:
                raise GoneError(504, "target did not answer in time") from error
            self._http.receive_data(data)

    def _write(self, event: Any) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)

    async def _body(self) -> AsyncIterator[bytes]:
        while True:
            event = await self._event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return
            else:
                raise GoneError(502, "target ended the connection within its answer")

    async def _stream(self, send: Send, receive: Receive) -> None:
        gone = asyncio.ensure_future(_disconnected(receive))
        body = self._body()
        try:
            while True:
                chunk = asyncio.ensure_future(anext_or_none(body))
                await asyncio.wait({chunk, gone}, return_when=asyncio.FIRST_COMPLETED)
                if not chunk.done():
                    chunk.cancel()
                    with contextlib.suppress(asyncio.CancelledError, Exception):
                        await chunk
                    return
                data = chunk.result()
                if data is None:
                    break
                await send({"type": "http.response.body", "body": data, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (GoneError, OSError, h11.ProtocolError):
            # Withholding the end is what tells the client that the answer is not whole.
            return
        finally:
            gone.cancel()
            self.close()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._writer.close()
        self._targets.give_back(self._target)


async def anext_or_none(iterator: AsyncIterator[bytes]) -> bytes | None:
    async for item in iterator:
        return item
    return None


async def _disconnected(receive: Receive) -> None:
    while (await receive()).get("type") != "http.disconnect":
        pass


def _head(request: Request, target: Target) -> h11.Request:
    headers: list[tuple[str, str]] = []
    for name, value in request.headers.items():
        if name.lower() not in _NOT_PASSED_ON:
            headers.append((name, str(value)))
    if not any(name.lower() == "host" for name, _ in headers):
        headers.append(("host", f"{target.key.host}:{target.key.port}"))
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        headers.append(("content-length", str(len(request.body))))
    headers.append(("connection", "close"))
    return h11.Request(
        method=request.method,
        target=request.path,
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
    )
