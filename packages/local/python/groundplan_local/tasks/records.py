"""Reading and writing the emulator's records of services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import ecs

Service = dict[str, Any]
Deployment = dict[str, Any]
Task = dict[str, Any]


def breaker(service: Service) -> Mapping[str, Any]:
    configuration = service.get("deploymentConfiguration") or {}
    return configuration.get("deploymentCircuitBreaker") or {}


def scaling(service: Service) -> str:
    deployment = ecs._primary_deployment(service) or {"id": ""}
    return f"Scaling activity initiated by (deployment {deployment['id']})"


def propagated(service: Service, primary: Deployment) -> list[Mapping[str, str]]:
    """The tags that a task gets of its service or its task definition."""
    source = service.get("propagateTags")
    if source == "SERVICE":
        return list(ecs._tags.get(service["serviceArn"], []))
    if source == "TASK_DEFINITION":
        return list(ecs._tags.get(primary["taskDefinition"], []))
    return []


def newest_first(task: Task) -> float:
    return -epoch(task.get("createdAt"))


def epoch(moment: Any) -> float:
    return float(ecs._ts_to_epoch(moment)) if moment else 0.0


def event(service: Service, message: str) -> None:
    service["events"].insert(
        0,
        {
            "id": new_uuid(),
            "createdAt": ecs._iso(),
            "message": f"(service {service['serviceName']}) {message}",
        },
    )
    del service["events"][100:]
