"""The event of a rotation, which the emulator does not send.

On AWS it comes through CloudTrail once the rotation has succeeded
(https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html). The
emulator's ``RotateSecret`` makes a new version with the value that stood, and calls no function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid, now_iso
from ministack.services import eventbridge
from ministack.services import secretsmanager as native

Reply = tuple[int, dict[str, str], bytes]


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
        reply = action(data)
        if reply[0] < 400:
            _announce(json.loads(reply[2])["ARN"])
        return reply

    return rotate_secret


def install() -> None:
    native._rotate_secret = _rotate(native._rotate_secret)
