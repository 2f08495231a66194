"""Requests to distributions and HTTP APIs of every account, as clients on the internet send them.

The local AWS ends TLS itself, so to say: a viewer has come over HTTPS.
"""

from __future__ import annotations

import base64
import json
import os
from typing import Any
from urllib.parse import parse_qs

from ministack import app as emulator
from ministack.core.responses import get_region, request_scope
from ministack.services import cloudfront

from groundplan_local.balancer.exchange import (
    App,
    Asked,
    Receive,
    Reply,
    Scope,
    Send,
    answer,
    asked_in,
    headers_of,
)
from groundplan_local.edge import names
from groundplan_local.edge.names import Api, Distribution


def with_edge(app: App) -> App:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        found = names.find(headers_of(scope).get("host", "")) if scope["type"] == "http" else None
        if found is None:
            await app(scope, receive, send)
            return
        asked = await asked_in(scope, receive, found.host)
        if asked is None:
            return
        if isinstance(found, Distribution):
            status, headers, content = await _viewed(found, asked)
        else:
            status, headers, content = await _executed(found, asked)
        await answer(send, receive, asked.method, status, headers, content)

    return serve


def _query(asked: Asked) -> dict[str, Any]:
    return parse_qs(asked.query, keep_blank_values=True)


async def _viewed(found: Distribution, asked: Asked) -> Reply:
    headers = {"x-forwarded-proto": "https", **asked.headers}
    # CloudFront has no region of its own.
    with request_scope(found.account, get_region()):
        reply: Reply = await cloudfront.handle_viewer_request(
            found.record,
            asked.method,
            asked.path,
            asked.raw_path,
            asked.query,
            headers,
            asked.body,
            _query(asked),
            asked.client,
        )
    return reply


async def _executed(found: Api, asked: Asked) -> Reply:
    closed = 404, {"content-type": "application/json"}, json.dumps({"message": "Not Found"})
    if found.closed:
        return closed[0], closed[1], closed[2].encode()
    with request_scope(found.account, found.region):
        reply: Reply | None = await emulator._handle_execute_api_request(
            found.host,
            asked.path,
            asked.method,
            dict(asked.headers),
            asked.body,
            _query(asked),
            raw_path=asked.raw_path,
            raw_query_string=asked.query,
        )
    if reply is None:  # a domain name without a mapping
        return closed[0], closed[1], closed[2].encode()
    status, headers, content = reply
    request_id = base64.b64encode(os.urandom(11)).decode()
    return status, {"apigw-requestid": request_id, **headers}, content
