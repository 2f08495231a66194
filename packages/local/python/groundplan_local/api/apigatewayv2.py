"""VPC links, which the emulator's HTTP APIs lack, and what it forgets of an integration."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import apigateway as native
from ministack.services import ec2

Reply = tuple[int, dict[str, str], bytes]
Handler = Callable[..., Awaitable[Reply]]
Link = dict[str, Any]

_PATH = "/v2/vpclinks"
_KEPT = ("connectionId", "tlsConfig")

_links = AccountRegionScopedDict()


def _missing(identity: str) -> Reply:
    error: Reply = native._apigw_error(
        "NotFoundException", f"Invalid VpcLink identifier specified: {identity}", 404
    )
    return error


def _shown(link: Link, status: int = 200) -> Reply:
    reply: Reply = native._apigw_response(link, status)
    return reply


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    for subnet in data.get("subnetIds") or []:
        if subnet not in ec2._subnets:
            yield f"The subnet ID '{subnet}' does not exist"
    for group in data.get("securityGroupIds") or []:
        if group not in ec2._security_groups:
            yield f"The security group '{group}' does not exist"
    if not data.get("subnetIds"):
        yield "A VPC link needs at least one subnet"


def _create(data: Mapping[str, Any]) -> Reply:
    for problem in _problems(data):
        refused: Reply = native._apigw_error("BadRequestException", problem, 400)
        return refused
    identity = uuid.uuid4().hex[:6]
    _links[identity] = {
        "createdDate": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "name": data["name"],
        "securityGroupIds": list(data.get("securityGroupIds") or []),
        "subnetIds": list(data["subnetIds"]),
        "tags": dict(data.get("tags") or {}),
        "vpcLinkId": identity,
        "vpcLinkStatus": "AVAILABLE",
        "vpcLinkVersion": "V2",
    }
    return _shown(_links[identity], 201)


def _used_by(identity: str) -> str | None:
    for api, integrations in native._integrations.items():
        if any(item.get("connectionId") == identity for item in integrations.values()):
            return str(api)
    return None


def _answer(method: str, identity: str, data: Mapping[str, Any]) -> Reply:
    if not identity:
        return _create(data) if method == "POST" else _shown({"items": list(_links.values())})
    link: Link | None = _links.get(identity)
    if link is None:
        return _missing(identity)
    if method == "PATCH":
        link["name"] = data.get("name", link["name"])
    elif method == "DELETE":
        api = _used_by(identity)
        if api:
            text = f"VPC link {identity} is used by an integration of the API {api}"
            refused: Reply = native._apigw_error("BadRequestException", text, 400)
            return refused
        del _links[identity]
        return _shown({}, 202)
    return _shown(link)


def _tags(method: str, identity: str, data: Mapping[str, Any], keys: list[str]) -> Reply:
    link: Link | None = _links.get(identity)
    if link is None:
        return _missing(identity)
    if method == "POST":
        link["tags"].update(data.get("tags") or {})
        return _shown({}, 201)
    if method == "DELETE":
        link["tags"] = {key: value for key, value in link["tags"].items() if key not in keys}
        return _shown({}, 204)
    return _shown({"tags": link["tags"]})


def _with_links(handle: Handler) -> Handler:
    async def handle_request(
        method: str, path: str, headers: Any, body: bytes, query: Mapping[str, Any]
    ) -> Reply:
        data = json.loads(body) if body else {}
        if path == _PATH or path.startswith(f"{_PATH}/"):
            return _answer(method, path[len(_PATH) :].strip("/"), data)
        if path.startswith("/v2/tags/") and "/vpclinks/" in path:
            keys = query.get("tagKeys", [])
            named = [keys] if isinstance(keys, str) else list(keys)
            return _tags(method, path.rsplit("/", 1)[-1], data, named)
        return await handle(method, path, headers, body, query)

    return handle_request


def _with_connection(action: Callable[..., Reply]) -> Callable[..., Reply]:
    """Keeps the VPC link of an integration and the name that is asked for in TLS."""

    def put_integration(api: str, *arguments: Any) -> Reply:
        data = arguments[-1]
        link = data.get("connectionId")
        if link and data.get("connectionType") == "VPC_LINK" and link not in _links:
            return _missing(link)
        reply = action(api, *arguments)
        if reply[0] >= 400:
            return reply
        record = native._integrations[api][json.loads(reply[2])["integrationId"]]
        for name in _KEPT:
            if name in data:
                record[name] = data[name]
            if not record.get(name):
                record.pop(name, None)
        return _shown(record, reply[0])

    return put_integration


def install() -> None:
    native.handle_request = _with_links(native.handle_request)
    native._create_integration = _with_connection(native._create_integration)
    native._update_integration = _with_connection(native._update_integration)
