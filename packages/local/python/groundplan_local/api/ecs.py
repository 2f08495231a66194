"""What the emulator's ECS forgets of a service, a cluster and a task definition."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ministack.services import ecs as native

Data = dict[str, Any]
Reply = tuple[int, dict[str, str], bytes]
Action = Callable[[Data], Reply]

# Members of the request that AWS returns with the service, and the emulator does not keep.
_OF_SERVICE = (
    "availabilityZoneRebalancing",
    "placementConstraints",
    "placementStrategy",
    "platformFamily",
)
# Those that the emulator keeps when a service is created and ignores when it is updated.
_ALSO_UPDATED = ("enableECSManagedTags", "propagateTags", "serviceRegistries")
# Members that AWS returns with the deployment that they were given for.
_OF_DEPLOYMENT = ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations")
# A change of one of these starts a deployment of its own, as a new task definition does.
_DEPLOYS = (
    "capacityProviderStrategy",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "serviceRegistries",
    *_OF_DEPLOYMENT,
)
_DEFAULT_CONFIGURATION = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
}


def _service_key(data: Data) -> str:
    cluster = native._resolve_cluster_name(data.get("cluster", "default"))
    name = data.get("serviceName") or str(data.get("service", "")).rsplit("/", 1)[-1]
    return f"{cluster}/{name}"


def _answer(native_reply: Reply, service: Mapping[str, Any]) -> Reply:
    body: Reply = native.json_response({"service": native._sanitize(service)})
    return native_reply[0], native_reply[1], body[2]


def _configured(service: dict[str, Any]) -> None:
    given = service.get("deploymentConfiguration") or {}
    service["deploymentConfiguration"] = {**_DEFAULT_CONFIGURATION, **given}


def _create(action: Action) -> Action:
    def create_service(data: Data) -> Reply:
        reply = action(data)
        if reply[0] < 400:
            service = native._services[_service_key(data)]
            service["availabilityZoneRebalancing"] = "DISABLED"
            _keep(service, data, (*_OF_SERVICE, *_ALSO_UPDATED))
            _keep(service["deployments"][0], data, _OF_DEPLOYMENT)
            _configured(service)
            return _answer(reply, service)
        return reply

    return create_service


def _update(action: Action) -> Action:
    def update_service(data: Data) -> Reply:
        service = native._services.get(_service_key(data))
        if service is not None and _deploys(service, data):
            data = {**data, "forceNewDeployment": True}
        reply = action(data)
        if reply[0] < 400 and service is not None:
            _keep(service, data, (*_OF_SERVICE, *_ALSO_UPDATED))
            primary = native._primary_deployment(service)
            _keep(primary, data, _OF_DEPLOYMENT)
            for name in _OF_DEPLOYMENT:
                earlier = next(
                    (d[name] for d in service["deployments"] if d is not primary and name in d),
                    None,
                )
                if name not in primary and earlier is not None:
                    primary[name] = earlier
            _configured(service)
            return _answer(reply, service)
        return reply

    return update_service


def _deploys(service: Mapping[str, Any], data: Data) -> bool:
    primary = native._primary_deployment(service) or {}
    return any(
        name in data and data[name] != (primary if name in _OF_DEPLOYMENT else service).get(name)
        for name in _DEPLOYS
    )


def _keep(record: dict[str, Any], data: Data, names: tuple[str, ...]) -> None:
    for name in names:
        if name in data:
            record[name] = data[name]


def _create_cluster(action: Action) -> Action:
    def create_cluster(data: Data) -> Reply:
        reply = action(data)
        if reply[0] < 400 and data.get("serviceConnectDefaults"):
            name = data.get("clusterName", "default")
            cluster = native._clusters[name]
            cluster["serviceConnectDefaults"] = data["serviceConnectDefaults"]
            body: Reply = native.json_response({"cluster": cluster})
            return body
        return reply

    return create_cluster


def _register(action: Action) -> Action:
    def register_task_definition(data: Data) -> Reply:
        reply = action(data)
        if reply[0] >= 400:
            return reply
        kept = ("enableFaultInjection", "inferenceAccelerators")
        answered = json.loads(reply[2])
        definition = native._task_defs[
            native._resolve_td_key(answered["taskDefinition"]["taskDefinitionArn"])
        ]
        _keep(definition, data, kept)
        # AWS leaves out what was not given, where the emulator keeps an empty word.
        for name in ("executionRoleArn", "taskRoleArn", "pidMode", "ipcMode"):
            if definition.get(name) == "":
                del definition[name]
        for name in ("proxyConfiguration", "runtimePlatform", "ephemeralStorage"):
            if definition.get(name) is None:
                definition.pop(name, None)
        body: Reply = native.json_response({**answered, "taskDefinition": definition})
        return body

    return register_task_definition


def _run_task(action: Action) -> Action:
    """Refuses an unknown cluster, where the emulator makes one, and tags as it is told."""

    def run_task(data: Data) -> Reply:
        cluster = native._resolve_cluster_name(data.get("cluster", "default"))
        if cluster not in native._clusters:
            refused: Reply = native.error_response_json(
                "ClusterNotFoundException", "Cluster not found.", 400
            )
            return refused
        definition = native._task_defs.get(native._resolve_td_key(data.get("taskDefinition", "")))
        if definition is not None:
            data = {"group": f"family:{definition['family']}", **data}
            if data.get("propagateTags") == "TASK_DEFINITION":
                inherited = native._tags.get(definition["taskDefinitionArn"], [])
                own = {tag["key"] for tag in data.get("tags") or []}
                kept = [tag for tag in inherited if tag["key"] not in own]
                data["tags"] = [*kept, *(data.get("tags") or [])]
        return action(data)

    return run_task


def _precise(moment: Any) -> Any:
    """ECS tells moments to the millisecond; the emulator drops what is below the second."""
    if not isinstance(moment, str):
        return moment
    try:
        return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return moment


def install() -> None:
    native._ts_to_epoch = _precise
    table: dict[str, Action] = native._ACTION_MAP
    table["RunTask"] = _run_task(table["RunTask"])
    table["CreateService"] = _create(table["CreateService"])
    table["UpdateService"] = _update(table["UpdateService"])
    table["CreateCluster"] = _create_cluster(table["CreateCluster"])
    table["RegisterTaskDefinition"] = _register(table["RegisterTaskDefinition"])
