"""Requests to load balancers, taken out before the emulator looks at them.

The emulator knows a load balancer's requests by its DNS name and in the default account only. Here
the host is looked up in every account and region, the request meets the listener that the URL
means, and a redirect of the balancer leads to a URL that answers on this machine.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.core.responses import StreamingResponse

from groundplan_local.balancer import hosts
from groundplan_local.balancer.exchange import (
    App,
    Receive,
    Scope,
    Send,
    answer,
    ask,
    asked_in,
    headers_of,
)
from groundplan_local.balancer.hosts import Destination

# What a redirect of the balancer said before it was led back to this machine.
ORIGINAL_LOCATION = "X-Groundplan-Location"


def with_balancers(app: App, gateway_port: int) -> App:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            destination = hosts.find(headers_of(scope).get("host", ""))
            if destination is not None:
                await _answer(destination, scope, receive, send, gateway_port)
                return
        await app(scope, receive, send)

    return serve


async def _answer(
    destination: Destination, scope: Scope, receive: Receive, send: Send, gateway_port: int
) -> None:
    asked = await asked_in(scope, receive, destination.host)
    if asked is None:
        return
    place = (destination.account, destination.region)
    status, headers, content = await ask(destination.balancer, place, destination.port, asked)
    if not isinstance(content, StreamingResponse):
        headers = led_back(status, headers, destination, gateway_port)
    await answer(send, receive, asked.method, status, headers, content)


_LOCATION = re.compile(r"^https?://([^/:]+):(\d+)(/.*)?$")


def led_back(
    status: int, headers: dict[str, Any], destination: Destination, gateway_port: int
) -> dict[str, Any]:
    """A redirect of the balancer to a listener of its own, as a URL of this machine."""
    location = headers.get("Location", "")
    match = _LOCATION.match(location)
    if status not in (301, 302) or match is None or match.group(1) != destination.host:
        return headers
    port = int(match.group(2))
    if not destination.listener_of(port):
        return headers
    ports = hosts._ports(
        destination.balancer["LoadBalancerArn"], destination.account, destination.region
    )
    number = "" if port == hosts.default_port(ports) else f"{port}."
    url = f"http://{number}{destination.asked}:{gateway_port}{match.group(3) or '/'}"
    return {**headers, "Location": url, ORIGINAL_LOCATION: location}
