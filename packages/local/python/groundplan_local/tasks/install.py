"""Putting the agent and the supervisor where the emulator had Docker and its own scheduler."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack.core.concurrency import resource_lock
from ministack.core.responses import json_response
from ministack.services import alb, ecs

from groundplan_local.balancer import groups as balancer_groups
from groundplan_local.balancer import network
from groundplan_local.balancer.groups import Groups, deregistration_delay
from groundplan_local.containers.addresses import AddressBook, Place
from groundplan_local.containers.images import ImageStore
from groundplan_local.containers.surroundings import Surroundings
from groundplan_local.tasks.agent import Agent
from groundplan_local.tasks.supervisor import Supervisor

# What a service has put into each target group.
Published = dict[str, list[tuple[str, int]]]


def install(
    addresses: AddressBook, images: Path, scratch: Path, surroundings: Surroundings
) -> Agent:
    agent = Agent(addresses, ImageStore(images), scratch, surroundings)
    groups = Groups(agent.port_of, agent.wake)
    supervisor = Supervisor(agent, groups)
    agent.drain = lambda task, place: _drain(groups, task, place)
    agent.stopped = supervisor.task_stopped
    agent.changed = supervisor.wake
    balancer_groups.install(groups)
    network.install(network.NetworkBalancers(addresses, groups))
    _replace(agent, supervisor, groups)
    supervisor.start()
    return agent


def _replace(agent: Agent, supervisor: Supervisor, groups: Groups) -> None:
    # The emulator asks for Docker to learn whether tasks really run; nothing of it is called.
    ecs._get_docker = lambda: SimpleNamespace(containers=SimpleNamespace(list=lambda **_: []))
    ecs._run_task_worker = agent.run
    ecs._maybe_mark_stopped = lambda *_arguments: None
    ecs._reconcile_service_tasks = supervisor.wake
    ecs._complete_service_deployment = supervisor.wake
    ecs._record_service_task_failure = supervisor.wake
    native_deployment = ecs._make_deployment
    native_reset = ecs.reset

    def make_deployment(task_definition: str, desired: int, status: str = "PRIMARY") -> Any:
        """A deployment is complete when it is, not when it is made (fault 6)."""
        made = native_deployment(task_definition, desired, status)
        made["rolloutState"] = "IN_PROGRESS"
        made["rolloutStateReason"] = f"ECS deployment {made['id']} in progress."
        made["_crashes"], made["_not_before"], made["_failed_at"] = 0, 0.0, 0.0
        return made

    def stop_task(data: Mapping[str, Any]) -> Any:
        cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
        task = ecs._resolve_task(data.get("task", ""), cluster) if cluster else None
        if task is None:
            return native_stop(data)  # answers the error
        reason = data.get("reason", "Task stopped by user")
        agent.stop(task, reason, "UserInitiated")
        with resource_lock("ecs-task", task["taskArn"]):
            return json_response({"task": ecs._sanitize(task)})

    published: dict[str, Published] = {}

    def sync_service_targets(_cluster: str, service: dict[str, Any]) -> None:
        _publish(agent, service, published.setdefault(service["serviceArn"], {}))

    def reset() -> None:
        agent.end_all(1.0)
        native_reset()

    native_stop = ecs._stop_task
    ecs._make_deployment = make_deployment
    ecs._stop_task = stop_task
    ecs._ACTION_MAP["StopTask"] = stop_task
    ecs._sync_service_targets = sync_service_targets
    ecs.reset = reset
    ecs._sanitize = sanitize


def sanitize(record: Any) -> Any:
    """The emulator's projection of a record, of one that another thread may be writing to."""
    if isinstance(record, dict):
        return {
            key: sanitize(value)
            for key, value in list(record.items())
            if not key.startswith("_") and value is not None
        }
    return [sanitize(item) for item in list(record)] if isinstance(record, list) else record


def _publish(agent: Agent, service: dict[str, Any], published: Published) -> None:
    """The running tasks of a service are the targets of its groups, at their own ports."""
    active = service.get("status") == "ACTIVE"
    wanted = {
        balancer["targetGroupArn"]: int(balancer.get("containerPort", 80))
        for balancer in service.get("loadBalancers") or []
        if balancer.get("targetGroupArn")
    }
    # A group that the service has left loses its targets, too.
    for arn in {*wanted, *published}:
        with resource_lock("elbv2-targets", arn):
            targets = _targets(agent, service, wanted[arn]) if active and arn in wanted else []
            if published.get(arn) != targets and arn in alb._tgs:
                before = [host for host, _ in published.get(arn) or []]
                alb.set_targets_for_group(arn, targets, before)
                published[arn] = targets


def _targets(agent: Agent, service: dict[str, Any], port: int) -> list[tuple[str, int]]:
    found = []
    for task in ecs._tasks.values():
        running = agent.get(task["taskArn"])
        if (
            running is not None
            and task.get("group") == f"service:{service['serviceName']}"
            and task.get("clusterArn") == service["clusterArn"]
            and task.get("lastStatus") == "RUNNING"
        ):
            found.append((running.place.host, running.place.port(port)))
    return found


def _drain(groups: Groups, task: dict[str, Any], place: Place) -> None:
    """Wait for the requests under way, at most as long as the groups' deregistration delay."""
    cluster = ecs._cluster_name_from_arn(task.get("clusterArn", ""))
    name = str(task.get("group", "")).removeprefix("service:")
    service = ecs._services.get(f"{cluster}/{name}") or {}
    balancers = [b for b in service.get("loadBalancers") or [] if b.get("targetGroupArn")]
    if balancers:
        ports = {place.port(int(b.get("containerPort", 80))) for b in balancers}
        delay = max(deregistration_delay(b["targetGroupArn"]) for b in balancers)
        groups.targets.drain(place.host, ports, delay)
