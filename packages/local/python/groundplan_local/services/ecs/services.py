"""``AWS::ECS::Service``: there when its deployment is, and failed with the reason of its tasks."""

from __future__ import annotations

import time
from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.ecs import tags
from groundplan_local.services.shapes import request
from groundplan_local.services.values import flag

_POLL = 0.1
# AWS waits three hours for a deployment that never becomes steady; nobody does that locally.
_PATIENCE = 900.0
# Without a circuit breaker ECS would try for ever.
_FAILED_TASKS = 3
_RENAMED = {"PlacementStrategies": "placementStrategy"}
# Properties that UpdateService does not take.
_ONLY_CREATED = ("Cluster", "LaunchType", "Role", "SchedulingStrategy", "ServiceName", "Tags")
_CREATE_ONLY = ("Cluster", "LaunchType", "Role", "SchedulingStrategy", "ServiceName")


def _create(context: Context, props: Props) -> Resource:
    ecs = context.api("ecs")
    name = props.get("ServiceName") or provisioners._physical_name(
        context.stack, context.logical_id, max_len=255
    )
    cluster = props.get("Cluster", "default")
    given = _given(props)
    given.pop("ForceNewDeployment", None)
    given["ServiceName"] = name
    service = ecs.create_service(**request(ecs, "CreateService", given))["service"]
    context.undo(lambda: _delete(context, service["serviceArn"], props))
    _wait(context, cluster, name, _primary(service)["id"])
    return _resource(service["serviceArn"], name, props)


def _resource(arn: str, name: str, props: Props) -> Resource:
    return Resource(arn, {"ServiceArn": arn, "Name": name}, _note(props))


def _note(props: Props) -> str | None:
    """What of a service is kept and read back, and not acted on (fault 11)."""
    configuration = props.get("DeploymentConfiguration") or {}
    kept = [
        words
        for words, there in (
            ("strategy", configuration.get("Strategy") not in (None, "ROLLING")),
            ("bake time", configuration.get("BakeTimeInMinutes")),
            ("lifecycle hooks", configuration.get("LifecycleHooks")),
            ("alarms", flag((configuration.get("Alarms") or {}).get("Enable"))),
            (
                "Service Connect",
                flag((props.get("ServiceConnectConfiguration") or {}).get("Enabled")),
            ),
            ("service registries", props.get("ServiceRegistries")),
        )
        if there
    ]
    if not kept:
        return None
    return f"deployed as a rolling update; only kept and not acted on: {', '.join(kept)}"


def _given(props: Props) -> dict[str, Any]:
    return {_RENAMED.get(key, key): value for key, value in props.items()}


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    ecs = context.api("ecs")
    cluster, name = _names(arn)
    changed = {
        key: value
        for key, value in _given(new).items()
        if key not in _ONLY_CREATED and old.get(key) != value
    }
    # What a template drops goes back to what it is without it.
    for key, default in _DEFAULTS.items():
        if key in old and key not in new:
            changed[key] = default
    forced = changed.pop("ForceNewDeployment", None) or {}
    if str(forced.get("EnableForceNewDeployment", "")).lower() == "true":
        changed["forceNewDeployment"] = True
    asked = request(ecs, "UpdateService", {**changed, "service": name, "cluster": cluster})
    service = ecs.update_service(**asked)["service"]
    tags.update(context, arn, old, new)
    _wait(context, cluster, name, _primary(service)["id"])
    return _resource(arn, name, new)


_DEFAULTS: dict[str, Any] = {
    "AvailabilityZoneRebalancing": "DISABLED",
    "CapacityProviderStrategy": [],
    "DeploymentConfiguration": {"MaximumPercent": 200, "MinimumHealthyPercent": 100},
    "EnableECSManagedTags": False,
    "EnableExecuteCommand": False,
    "HealthCheckGracePeriodSeconds": 0,
    "LoadBalancers": [],
    "PropagateTags": "NONE",
    "ServiceRegistries": [],
}


def _delete(context: Context, arn: str, props: Props) -> None:
    """Gone when its tasks are: the next resource may be what they still use."""
    ecs = context.api("ecs")
    cluster, name = _names(arn)
    tasks = ecs.list_tasks(cluster=cluster, serviceName=name)["taskArns"]
    ecs.delete_service(cluster=cluster, service=name, force=True)
    deadline = time.monotonic() + _PATIENCE
    while tasks and time.monotonic() < deadline:
        described = ecs.describe_tasks(cluster=cluster, tasks=tasks[:100])["tasks"]
        if all(task["lastStatus"] == "STOPPED" for task in described):
            return
        time.sleep(_POLL)


def _names(arn: str) -> tuple[str, str]:
    cluster, name = arn.split("/")[-2:]
    return cluster, name


def _primary(service: Props) -> Props:
    found: Props = next(d for d in service["deployments"] if d["status"] == "PRIMARY")
    return found


def _wait(context: Context, cluster: str, name: str, deployment: str) -> None:
    """Until the deployment is complete; one that failed, or was taken back, fails the resource."""
    ecs = context.api("ecs")
    deadline = time.monotonic() + _PATIENCE
    reason = ""
    while time.monotonic() < deadline:
        service = ecs.describe_services(cluster=cluster, services=[name])["services"][0]
        if service["status"] != "ACTIVE":
            raise ValueError(f"the service {name} was deleted while it was deployed")
        found = next((d for d in service["deployments"] if d["id"] == deployment), None)
        state = found["rolloutState"] if found else "FAILED"
        reason = found.get("rolloutStateReason", "") if found else "it was overtaken by another"
        if state == "COMPLETED":
            return
        if state == "FAILED":
            raise ValueError(f"the deployment of the service {name} failed: {reason}")
        breaker = (service.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker")
        enabled = bool((breaker or {}).get("enable"))
        if not enabled and found and found.get("failedTasks", 0) >= _FAILED_TASKS:
            raise ValueError(
                f"the deployment of the service {name} does not become steady: {reason}. It has no "
                "circuit breaker, so ECS would go on trying; the local AWS does not wait for that"
            )
        time.sleep(_POLL)
    raise ValueError(
        f"the deployment of the service {name} was not steady after {_PATIENCE:.0f} s: {reason}"
    )


TYPES = (
    ResourceType(
        "AWS::ECS::Service",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=_CREATE_ONLY,
        tags="Tags",
    ),
)
