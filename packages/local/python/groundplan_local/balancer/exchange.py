"""One request to one listener of a load balancer, whoever passes it on."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from ministack.core.responses import StreamingResponse, request_scope
from ministack.services import alb

from groundplan_local.balancer.groups import idle_timeout

Scope = Mapping[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Reply = tuple[int, dict[str, Any], Any]

_LENGTH = "content-length"


@dataclass(frozen=True)
class Asked:
    """What a client asked for; ``headers`` are lower-case."""

    method: str
    path: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    client: str = "127.0.0.1"


def headers_of(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name in found:
            value = f"{found[name]}{'; ' if name == 'cookie' else ', '}{value}"
        found[name] = value
    return found


async def asked_in(scope: Scope, receive: Receive, host: str) -> Asked | None:
    """The whole request, as it would come under this host; None when the client went away."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    raw_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return Asked(
        scope["method"],
        scope["path"],
        raw_path.partition("?")[0],
        scope.get("query_string", b"").decode("latin-1"),
        {**headers_of(scope), "host": host},
        b"".join(parts),
        (scope.get("client") or ("127.0.0.1",))[0],
    )


async def ask(
    balancer: Mapping[str, Any], place: tuple[str, str], port: int, asked: Asked
) -> Reply:
    """What the listener on a port answers, in the account and region of its balancer."""
    with request_scope(*place):
        seconds = alb._lb_attr(balancer["LoadBalancerArn"], "idle_timeout.timeout_seconds", "60")
        token = idle_timeout.set(float(seconds))
        try:
            reply: Reply = await alb.dispatch_request(
                balancer,
                asked.method,
                asked.path,
                dict(asked.headers),
                asked.body,
                parse_qs(asked.query, keep_blank_values=True),
                port,
                client_ip=asked.client,
                raw_query_string=asked.query,
                raw_path=asked.raw_path,
            )
        finally:
            idle_timeout.reset(token)
    return reply


async def answer(
    send: Send, receive: Receive, method: str, status: int, headers: dict[str, Any], content: Any
) -> None:
    raw: list[tuple[bytes, bytes]] = []
    streams = isinstance(content, StreamingResponse)
    if not streams:
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        measured = {name: value for name, value in headers.items() if name.lower() == _LENGTH}
        headers = {name: value for name, value in headers.items() if name not in measured}
        # The answer to a HEAD tells how long the one to a GET would be.
        known = [*measured.values()] if method == "HEAD" else []
        headers[_LENGTH] = known[0] if known else len(content)
    for name, value in headers.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            raw.append((name.lower().encode("latin-1"), str(one).encode("latin-1")))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    if streams:
        await content.runner(send, receive)
        return
    body = b"" if method == "HEAD" else content
    await send({"type": "http.response.body", "body": body})
