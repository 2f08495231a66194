"""Application Auto Scaling, which the emulator does not have: targets, policies, schedules.

Everything is kept and read back as it was put. A target must be a service that exists, a policy and
a scheduled action must have a target, as on AWS. Registering a target brings its service within the
limits at once; there are no metrics, so nothing scales later on.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from ministack.core.responses import (
    AccountRegionScopedDict,
    get_account_id,
    get_region,
    request_scope,
    set_request_account_id,
)
from ministack.core.router import extract_access_key_id, extract_region
from ministack.services import ecs

_TARGET_PREFIX = "AnyScaleFrontendService."

_targets = AccountRegionScopedDict()
_policies = AccountRegionScopedDict()
_scheduled = AccountRegionScopedDict()
_tags = AccountRegionScopedDict()

Data = Mapping[str, Any]


class RefusedError(Exception):
    """An error of the API."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _key(data: Data) -> tuple[str, str, str]:
    return data["ServiceNamespace"], data["ResourceId"], data["ScalableDimension"]


def _target_of(data: Data) -> dict[str, Any]:
    found: dict[str, Any] | None = _targets.get(_key(data))
    if found is None:
        raise RefusedError(
            "ObjectNotFoundException",
            f"No scalable target found for service namespace: {data['ServiceNamespace']}, "
            f"resource ID: {data['ResourceId']}, scalable dimension: {data['ScalableDimension']}",
        )
    return found


def _arn(resource: str) -> str:
    return f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:{resource}"


def register_scalable_target(data: Data) -> Data:
    key = _key(data)
    if key[0] == "ecs":
        _refuse_unknown_service(key[1])
    present = _targets.get(key)
    given = {name: value for name, value in data.items() if name != "Tags"}
    if present is None:
        identity = uuid.uuid4().hex
        for name in ("MinCapacity", "MaxCapacity"):
            if name not in given:
                raise RefusedError("ValidationException", f"{name} is required for a new target")
        present = {
            "ScalableTargetARN": _arn(f"scalable-target/{identity}"),
            "CreationTime": time.time(),
            "RoleARN": (
                f"arn:aws:iam::{get_account_id()}:role/aws-service-role/"
                f"{key[0]}.application-autoscaling.amazonaws.com/"
                "AWSServiceRoleForApplicationAutoScaling_ECSService"
            ),
            "SuspendedState": {
                "DynamicScalingInSuspended": False,
                "DynamicScalingOutSuspended": False,
                "ScheduledScalingSuspended": False,
            },
        }
    _targets[key] = {**present, **given}
    if data.get("Tags"):
        _tags[present["ScalableTargetARN"]] = dict(data["Tags"])
    if key[0] == "ecs":
        _bring_within_limits(_targets[key])
    return {"ScalableTargetARN": present["ScalableTargetARN"]}


def _refuse_unknown_service(resource: str) -> None:
    service = _service_of(resource)
    if service is None or service["status"] != "ACTIVE":
        raise RefusedError("ValidationException", f"ECS service doesn't exist: {resource}")


def _service_of(resource: str) -> dict[str, Any] | None:
    parts = resource.split("/")
    found: dict[str, Any] | None = (
        ecs._services.get("/".join(parts[1:])) if len(parts) == 3 else None
    )
    return found


def _bring_within_limits(target: Data) -> None:
    """Change how many tasks run to a number that the target allows.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
    """
    service = _service_of(target["ResourceId"])
    assert service is not None
    desired = int(service["desiredCount"])
    wanted = min(max(desired, int(target["MinCapacity"])), int(target["MaxCapacity"]))
    if wanted != desired:
        cluster, name = target["ResourceId"].split("/")[1:]
        ecs._ACTION_MAP["UpdateService"](
            {"cluster": cluster, "service": name, "desiredCount": wanted}
        )


def deregister_scalable_target(data: Data) -> Data:
    _target_of(data)
    key = _key(data)
    _targets.pop(key, None)
    for store in (_policies, _scheduled):
        for name in [name for name in store.keys() if name[:3] == key]:  # noqa: SIM118
            store.pop(name, None)
    return {}


def describe_scalable_targets(data: Data) -> Data:
    found = [
        target
        for key, target in _targets.items()
        if key[0] == data["ServiceNamespace"]
        and (not data.get("ResourceIds") or key[1] in data["ResourceIds"])
        and data.get("ScalableDimension") in (None, key[2])
    ]
    return {"ScalableTargets": found}


def put_scaling_policy(data: Data) -> Data:
    _target_of(data)
    key = (*_key(data), data["PolicyName"])
    present = _policies.get(key)
    if present is None:
        path = f"resource/{data['ServiceNamespace']}/{data['ResourceId']}"
        arn = _arn(f"scalingPolicy:{uuid.uuid4()}:{path}:policyName/{data['PolicyName']}")
        present = {"PolicyARN": arn.replace("application-autoscaling", "autoscaling", 1)}
        present["CreationTime"] = time.time()
    _policies[key] = {
        "PolicyARN": present["PolicyARN"],
        "CreationTime": present["CreationTime"],
        "PolicyType": "StepScaling",
        **data,
        # On AWS target tracking makes alarms of its own.
        "Alarms": [],
    }
    return {"PolicyARN": present["PolicyARN"], "Alarms": []}


def delete_scaling_policy(data: Data) -> Data:
    if _policies.pop((*_key(data), data["PolicyName"]), None) is None:
        raise RefusedError(
            "ObjectNotFoundException", f"No scaling policy found named {data['PolicyName']}"
        )
    return {}


def _described(store: AccountRegionScopedDict, names: str, name: str) -> Callable[[Data], Any]:
    def describe(data: Data) -> list[Any]:
        return [
            item
            for key, item in store.items()
            if key[0] == data["ServiceNamespace"]
            and data.get("ResourceId") in (None, key[1])
            and data.get("ScalableDimension") in (None, key[2])
            and (not data.get(names) or item[name] in data[names])
        ]

    return describe


def describe_scaling_policies(data: Data) -> Data:
    return {"ScalingPolicies": _described(_policies, "PolicyNames", "PolicyName")(data)}


def put_scheduled_action(data: Data) -> Data:
    _target_of(data)
    key = (*_key(data), data["ScheduledActionName"])
    present = _scheduled.get(key) or {
        "ScheduledActionARN": _arn(
            f"scheduledAction:{uuid.uuid4()}:resource/{data['ServiceNamespace']}/"
            f"{data['ResourceId']}:scheduledActionName/{data['ScheduledActionName']}"
        ),
        "CreationTime": time.time(),
    }
    _scheduled[key] = {**present, **data}
    return {}


def delete_scheduled_action(data: Data) -> Data:
    if _scheduled.pop((*_key(data), data["ScheduledActionName"]), None) is None:
        raise RefusedError(
            "ObjectNotFoundException",
            f"No scheduled action found named {data['ScheduledActionName']}",
        )
    return {}


def describe_scheduled_actions(data: Data) -> Data:
    describe = _described(_scheduled, "ScheduledActionNames", "ScheduledActionName")
    return {"ScheduledActions": describe(data)}


def list_tags_for_resource(data: Data) -> Data:
    return {"Tags": _tags.get(data["ResourceARN"], {})}


def tag_resource(data: Data) -> Data:
    _tags[data["ResourceARN"]] = {**_tags.get(data["ResourceARN"], {}), **data["Tags"]}
    return {}


def untag_resource(data: Data) -> Data:
    present = _tags.get(data["ResourceARN"], {})
    _tags[data["ResourceARN"]] = {k: v for k, v in present.items() if k not in data["TagKeys"]}
    return {}


_ACTIONS: Mapping[str, Callable[[Data], Data]] = {
    "DeleteScalingPolicy": delete_scaling_policy,
    "DeleteScheduledAction": delete_scheduled_action,
    "DeregisterScalableTarget": deregister_scalable_target,
    "DescribeScalableTargets": describe_scalable_targets,
    "DescribeScalingActivities": lambda _data: {"ScalingActivities": []},
    "DescribeScalingPolicies": describe_scaling_policies,
    "DescribeScheduledActions": describe_scheduled_actions,
    "ListTagsForResource": list_tags_for_resource,
    "PutScalingPolicy": put_scaling_policy,
    "PutScheduledAction": put_scheduled_action,
    "RegisterScalableTarget": register_scalable_target,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
}


def answer(action: str, data: Data) -> tuple[int, Data]:
    handler = _ACTIONS.get(action)
    try:
        if handler is None:
            raise RefusedError("UnknownOperationException", f"unknown action {action}")
        return 200, handler(data)
    except RefusedError as refused:
        return 400, {"__type": refused.code, "Message": str(refused)}


def with_application_autoscaling(app: Any) -> Any:
    """The emulator's app, with the service beside it."""

    async def serve(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        target = _header(scope, b"x-amz-target")
        if scope["type"] != "http" or not target.startswith(_TARGET_PREFIX):
            await app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        with request_scope(get_account_id(), extract_region(headers, query)):
            set_request_account_id(extract_access_key_id(headers, query))
            status, answered = answer(target.removeprefix(_TARGET_PREFIX), json.loads(body or "{}"))
        content = json.dumps(answered).encode()
        raw = [
            (b"content-type", b"application/x-amz-json-1.1"),
            (b"content-length", str(len(content)).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    return serve


def _header(scope: Mapping[str, Any], name: bytes) -> str:
    found = next((value for key, value in scope.get("headers", []) if key.lower() == name), b"")
    return str(found.decode("latin-1"))
