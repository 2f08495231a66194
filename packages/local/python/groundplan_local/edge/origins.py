"""Passing a request on to an internal load balancer: a VPC origin, a VPC link.

The emulator sends neither anywhere: it keeps a VPC origin without asking it, takes a balancer's
HTTPS listener for one that it cannot reach, and opens the ARN of a listener as if it were a URL.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from ministack.core.responses import StreamingResponse
from ministack.services import alb, apigateway, cloudfront

from groundplan_local.balancer.exchange import Asked, Reply, ask

Origin = dict[str, Any]

_LISTENER = re.compile(r"^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:listener/app/")
_HOP = ("connection", "keep-alive", "transfer-encoding")


def _origin(native: Callable[[Any], Origin]) -> Callable[[Any], Origin]:
    """An origin with what its VPC origin says of ports and protocols."""

    def dataplane_origin(element: Any) -> Origin:
        origin = native(element)
        private = cloudfront._find(element, "VpcOriginConfig")
        if private is None:
            return origin
        endpoint = cloudfront._vpc_origins[cloudfront._text(private, "VpcOriginId")]
        config = endpoint["VpcOriginEndpointConfig"]
        return {
            **origin,
            "vpc_origin_arn": config["Arn"],
            "http_port": int(config["HTTPPort"]),
            "https_port": int(config["HTTPSPort"]),
            "protocol_policy": config["OriginProtocolPolicy"],
            "read_timeout": int(cloudfront._text(private, "OriginReadTimeout") or 30),
        }

    return dataplane_origin


def _registered(origin: Origin) -> Mapping[str, Any] | None:
    """The balancer of an origin, in whichever region it is."""
    arn = origin.get("vpc_origin_arn")
    name = cloudfront._normalize_origin_host(origin["domain_name"])
    for balancer in [item for _key, item in alb._lbs.all_items()]:
        if balancer["LoadBalancerArn"] == arn or (not arn and balancer["DNSName"].lower() == name):
            found: Mapping[str, Any] = balancer
            return found
    return None


async def _fetch(
    balancer: Mapping[str, Any],
    origin: Origin,
    method: str,
    uri: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    viewer_is_https: bool,
    client: str,
    forwarded_for: str,
) -> tuple[int, str, list[tuple[str, str]], bytes]:
    _host, port, _https = cloudfront._origin_connect_target(origin, viewer_is_https)
    if port not in _ports(balancer):
        raise cloudfront.OriginUnreachable(f"no listener on port {port} of {balancer['DNSName']}")
    sent = cloudfront._origin_request_headers(origin, dict(headers), client, forwarded_for)
    named = {name.lower(): str(value) for name, value in sent.items()}
    path = uri.partition("?")[0]
    asked = Asked(method, path, path, query, named, body or b"")
    try:
        status, answered, content = await asyncio.wait_for(
            _whole(balancer, port, asked, origin["read_timeout"]), origin["read_timeout"]
        )
    except asyncio.TimeoutError as error:
        raise cloudfront.OriginTimeout(f"{balancer['DNSName']} did not answer in time") from error
    pairs = [
        (name, str(one))
        for name, values in answered.items()
        for one in (values if isinstance(values, list) else [values])
    ]
    return status, http.client.responses.get(status, ""), pairs, content


def _place(arn: str) -> tuple[str, str]:
    parts = arn.split(":")
    return parts[4], parts[3]


def _ports(balancer: Mapping[str, Any]) -> set[int]:
    arn = balancer["LoadBalancerArn"]
    listeners = alb._listeners.values_scoped(*_place(arn))
    return {int(item["Port"]) for item in listeners if item["LoadBalancerArn"] == arn}


async def _whole(
    balancer: Mapping[str, Any], port: int, asked: Asked, seconds: float
) -> tuple[int, dict[str, Any], bytes]:
    place = _place(balancer["LoadBalancerArn"])
    status, headers, content = await ask(balancer, place, port, asked)
    if isinstance(content, StreamingResponse):
        content = await cloudfront._collect_streaming_body(content, seconds)
    kept = {name: value for name, value in headers.items() if name.lower() not in _HOP}
    return status, kept, content if isinstance(content, bytes) else json.dumps(content).encode()


def _proxy(native: Callable[..., Any]) -> Callable[..., Any]:
    """An integration whose URI is a listener asks that listener."""

    async def invoke_http_proxy(
        integration: Mapping[str, Any],
        path: str,
        method: str,
        headers: Mapping[str, Any],
        body: bytes,
        query: Mapping[str, Any],
    ) -> Reply:
        uri = str(integration.get("integrationUri", ""))
        if not _LISTENER.match(uri):
            reply: Reply = await native(integration, path, method, headers, body, query)
            return reply
        listener = alb._listeners.get_scoped(*_place(uri), uri)
        balancer = listener and alb._lbs.get_scoped(*_place(uri), listener["LoadBalancerArn"])
        if not balancer:
            return _unavailable()
        named = {name.lower(): str(value) for name, value in headers.items()}
        client = named.get("x-forwarded-for", "127.0.0.1")
        by = f"by=apigateway;for={client};host={named.get('host', '')};proto=https"
        named = {**named, "forwarded": by, "via": "HTTP/1.1 AmazonAPIGateway"}
        pairs = urlencode(query, doseq=True) if query else ""
        seconds = int(integration.get("timeoutInMillis") or 30000) / 1000
        asked = Asked(method, path, path, pairs, named, body or b"", client)
        try:
            return await asyncio.wait_for(
                _whole(balancer, int(listener["Port"]), asked, seconds), seconds
            )
        except asyncio.TimeoutError:
            return _unavailable()

    return invoke_http_proxy


def _unavailable() -> Reply:
    message = json.dumps({"message": "Service Unavailable"}).encode()
    return 503, {"Content-Type": "application/json"}, message


def install() -> None:
    cloudfront._dataplane_origin = _origin(cloudfront._dataplane_origin)
    cloudfront._registered_alb = _registered
    cloudfront._fetch_from_alb_origin = _fetch
    apigateway._invoke_http_proxy = _proxy(apigateway._invoke_http_proxy)
