"""Rotations: a new value where AWS itself rotates, and the event that one has succeeded.

On AWS the event comes through CloudTrail
(https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html). The
emulator's ``RotateSecret`` makes a new version with the value that stood, and calls no function.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import get_account_id, get_region, new_uuid, now_iso
from ministack.services import eventbridge
from ministack.services import secretsmanager as native

from groundplan_local.api.query import ApiError

Reply = tuple[int, dict[str, str], bytes]
Handler = Callable[..., Awaitable[Reply]]

# Whoever can rotate a secret: answers its new value, or None when it is not theirs.
Rotation = Callable[[Mapping[str, Any]], "str | None"]
rotations: list[Rotation] = []

_DAY = 86400
_OF_DESCRIPTION = ("LastRotatedDate", "NextRotationDate", "OwningService")


def _announce(arn: str) -> None:
    detail = {
        "additionalEventData": {"SecretId": arn},
        "awsRegion": get_region(),
        "eventID": new_uuid(),
        "eventName": "RotationSucceeded",
        "eventSource": "secretsmanager.amazonaws.com",
        "eventTime": now_iso(),
        "eventType": "AwsServiceEvent",
        "eventVersion": "1.05",
        "readOnly": False,
        "recipientAccountId": get_account_id(),
        "requestParameters": None,
        "responseElements": None,
        "sourceIPAddress": "secretsmanager.amazonaws.com",
        "userAgent": "secretsmanager.amazonaws.com",
        "userIdentity": {
            "accountId": get_account_id(),
            "invokedBy": "secretsmanager.amazonaws.com",
        },
    }
    entry = {
        "Detail": json.dumps(detail),
        "DetailType": "AWS Service Event via CloudTrail",
        "Resources": [],
        "Source": "aws.secretsmanager",
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _rotate(action: Callable[[Any], Reply]) -> Callable[[Any], Reply]:
    def rotate_secret(data: Mapping[str, Any]) -> Reply:
        _name, secret = native._resolve(data.get("SecretId"))
        if secret is not None and data.get("RotateImmediately") is False:
            return _schedule(secret, data)
        try:
            value = _new_value(secret) if secret is not None else None
        except ApiError as error:
            refused: Reply = native.error_response_json(
                "InvalidRequestException", f"the secret was not rotated: {error}", 400
            )
            return refused
        reply = action(data)
        if reply[0] < 400:
            answered = json.loads(reply[2])
            if value is not None:
                secret["Versions"][answered["VersionId"]]["SecretString"] = value
            _date(secret, rotated=True)
            _announce(answered["ARN"])
        return reply

    return rotate_secret


def _new_value(secret: Mapping[str, Any]) -> str | None:
    if secret.get("DeletedDate"):
        return None
    return next((value for rotation in rotations if (value := rotation(secret))), None)


def _schedule(secret: dict[str, Any], data: Mapping[str, Any]) -> Reply:
    """The rules alone: the first rotation is when they say, and nothing has a clock for it here."""
    secret["RotationEnabled"] = True
    for name in ("RotationLambdaARN", "RotationRules"):
        if data.get(name):
            secret[name] = data[name]
    _date(secret, rotated=False)
    reply: Reply = native.json_response({"ARN": secret["ARN"], "Name": secret["Name"]})
    return reply


def _date(secret: dict[str, Any], rotated: bool) -> None:
    now = int(time.time())
    if rotated:
        secret["LastRotatedDate"] = now
    days = (secret.get("RotationRules") or {}).get("AutomaticallyAfterDays")
    if days:
        secret["NextRotationDate"] = now + int(days) * _DAY


def _describe(action: Callable[[Any], Reply]) -> Callable[[Any], Reply]:
    def describe_secret(data: Mapping[str, Any]) -> Reply:
        reply = action(data)
        if reply[0] >= 400:
            return reply
        _name, secret = native._resolve(data.get("SecretId"))
        more = {name: secret[name] for name in _OF_DESCRIPTION if secret.get(name)}
        described: Reply = native.json_response({**json.loads(reply[2]), **more})
        return described

    return describe_secret


def _cancel(data: Mapping[str, Any]) -> Reply:
    """The emulator has no such action."""
    _name, secret = native._resolve(data.get("SecretId"))
    if secret is None:
        missing: Reply = native.error_response_json(
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
            400,
        )
        return missing
    secret["RotationEnabled"] = False
    for name in ("NextRotationDate", "RotationLambdaARN", "RotationRules", "_HostedRotation"):
        secret.pop(name, None)
    reply: Reply = native.json_response({"ARN": secret["ARN"], "Name": secret["Name"]})
    return reply


def _apart(handle: Handler) -> Handler:
    """A rotation talks to a database, for which everybody else need not wait."""

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any
    ) -> Reply:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action in ("CancelRotateSecret", "RotateSecret"):
            data = json.loads(body or b"{}")
            act = native._rotate_secret if action == "RotateSecret" else _cancel
            reply: Reply = await run_reentrant(act, data)
            return reply
        return await handle(method, path, headers, body, query)

    return handle_request


def install() -> None:
    native.handle_request = _apart(native.handle_request)
    native._rotate_secret = _rotate(native._rotate_secret)
    native._describe_secret = _describe(native._describe_secret)
