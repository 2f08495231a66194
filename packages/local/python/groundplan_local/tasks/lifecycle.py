"""The states of a task's record, as ``DescribeTasks`` shows them."""

from __future__ import annotations

from typing import Any

from ministack.core.concurrency import resource_lock
from ministack.core.responses import new_uuid
from ministack.services import ecs, ecs_metadata

Task = dict[str, Any]


def begin_stop(task: Task, reason: str, code: str) -> bool:
    """Take the task out of service; False when it is on its way down already."""
    arn = task["taskArn"]
    with resource_lock("ecs-task", arn):
        if not ecs._task_is_active(arn, task):
            return False
        ecs._bump_task_version(task)
        task["desiredStatus"] = "STOPPED"
        task["stoppingAt"] = ecs._iso()
        task["stoppedReason"] = reason
        task["stopCode"] = code
        task["lastStatus"] = "DEACTIVATING"
    ecs_metadata.set_task_status(arn, known_status="DEACTIVATING", desired_status="STOPPED")
    refresh(task)
    return True


def stopping(task: Task) -> None:
    with resource_lock("ecs-task", task["taskArn"]):
        task["lastStatus"] = "STOPPING"


def finish(task: Task) -> None:
    arn = task["taskArn"]
    with resource_lock("ecs-task", arn):
        now = ecs._iso()
        for state, counts in ecs._STOP_SEQUENCE[2:]:
            if counts:
                ecs._bump_task_version(task)
            task["lastStatus"] = state
        task["stoppedAt"] = task["executionStoppedAt"] = now
        for container in task.get("containers", []):
            container["lastStatus"] = "STOPPED"
    ecs_metadata.set_task_status(arn, known_status="STOPPED", desired_status="STOPPED")
    ecs_metadata.set_all_container_status(arn, "STOPPED")
    refresh(task)


def refresh(task: Task) -> None:
    """The counts of the cluster and the service, and the service's targets."""
    cluster = ecs._cluster_name_from_arn(task.get("clusterArn", ""))
    if cluster:
        ecs._recount_cluster(cluster)
        ecs._refresh_service_state(cluster, task.get("group", ""))


def container_record(task: Task, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in task["containers"] if c["name"] == name)
    return found


def is_starting_or_running(task: Task) -> bool:
    return (
        task.get("desiredStatus") != "STOPPED" and task.get("lastStatus") in ecs._PRE_STOP_STATUSES
    )


def record_address(task: Task, host: str) -> None:
    """The address where ``DescribeTasks`` shows it: on the network interface of the task."""
    with resource_lock("ecs-task", task["taskArn"]):
        task["_container_ip"] = host
        if task.get("_network_mode") == "awsvpc":
            details = [{"name": "privateIPv4Address", "value": host}]
            if task.get("_subnet"):
                details.insert(0, {"name": "subnetId", "value": task["_subnet"]})
            task["attachments"] = [
                {
                    "id": new_uuid(),
                    "type": "ElasticNetworkInterface",
                    "status": "ATTACHED",
                    "details": details,
                }
            ]
