"""The service scheduler: keeps every service at its desired count and rolls deployments over.

It looks at all services ten times a second and whenever something happened. A deployment is
complete when all its tasks run and are healthy, for the load balancer and for their own health
checks, and no task of an earlier one is left; it has failed when the circuit breaker says so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from ministack.core.concurrency import resource_lock
from ministack.core.responses import request_scope
from ministack.services import ecs

from groundplan_local.balancer.groups import Groups
from groundplan_local.balancer.targets import Health
from groundplan_local.tasks import lifecycle
from groundplan_local.tasks.agent import ESSENTIAL_EXITED, FAILED_TO_START, Agent
from groundplan_local.tasks.records import breaker, epoch, event, newest_first, propagated, scaling
from groundplan_local.tasks.rollout import (
    Limits,
    Standing,
    breaker_threshold,
    is_steady,
    pause_after,
    plan,
)

logger = logging.getLogger("groundplan.tasks")

_TICK = 0.1
# A task without any health check counts as well once it has lived this long.
_SETTLED = 1.0
# A task that lived this long did not fail to start, whatever it died of.
_LIVED = 10.0
# How long a deployment that failed and was rolled back is still listed.
_SHOWN = 30.0
UNHEALTHY = "ServiceSchedulerInitiated"

Service = dict[str, Any]
Task = dict[str, Any]
Deployment = dict[str, Any]


class Supervisor:
    """One thread over all services of all accounts and regions."""

    def __init__(self, agent: Agent, groups: Groups) -> None:
        self._agent = agent
        self._groups = groups
        self._woken = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name="groundplan-services").start()

    def wake(self, *_arguments: object, **_named: object) -> None:
        self._woken.set()

    def _run(self) -> None:
        while True:
            self._woken.wait(_TICK)
            self._woken.clear()
            for (account, region, key), service in ecs._services.all_items():
                if service.get("status") != "ACTIVE":
                    continue
                with request_scope(account, region):
                    try:
                        self.settle(key, service)
                    except Exception:
                        logger.exception("service %s", key)

    def settle(self, key: str, service: Service) -> None:
        """One look at one service."""
        primary = ecs._primary_deployment(service)
        if primary is None:
            return
        cluster = key.split("/", 1)[0]
        self._stop_unhealthy(service)
        new, old = _tasks_of(service, primary)
        ready = [task for task in new if self._is_ready(service, task)]
        for task in ready:
            self._became_ready(service, primary, task)
        standing = Standing(
            desired=0 if primary["rolloutState"] == "FAILED" else int(service["desiredCount"]),
            new=len(new),
            new_ready=len(ready),
            old=len(old),
            old_running=sum(1 for task in old if task["lastStatus"] == "RUNNING"),
        )
        step = plan(standing, Limits.of(service))
        if step.start and time.monotonic() >= primary.get("_not_before", 0.0):
            self._start(cluster, service, primary, step.start)
        # Those that do not run yet go first, then the newest.
        new.sort(key=lambda task: (task["lastStatus"] == "RUNNING", newest_first(task)))
        old.sort(key=lambda task: task["lastStatus"] == "RUNNING")
        for task in new[: step.stop_new]:
            self._agent.stop(task, scaling(service), "ServiceSchedulerInitiated")
        for task in old[: step.stop_old]:
            self._agent.stop(task, scaling(service), "ServiceSchedulerInitiated")
        ecs._refresh_service_state(cluster, f"service:{service['serviceName']}")
        _forget_failed(service)
        if primary["rolloutState"] == "IN_PROGRESS" and is_steady(standing):
            self._complete(cluster, service, primary)

    def _start(self, cluster: str, service: Service, primary: Deployment, count: int) -> None:
        ecs._run_task(
            {
                "cluster": cluster,
                "taskDefinition": primary["taskDefinition"],
                "count": count,
                "group": f"service:{service['serviceName']}",
                "startedBy": primary["id"],
                "launchType": service.get("launchType"),
                "capacityProviderStrategy": service.get("capacityProviderStrategy"),
                "platformVersion": service.get("platformVersion", ""),
                "networkConfiguration": service.get("networkConfiguration", {}),
                "enableExecuteCommand": service.get("enableExecuteCommand", False),
                "tags": propagated(service, primary),
                "_deploymentId": primary["id"],
            }
        )

    def _is_ready(self, service: Service, task: Task) -> bool:
        running = self._agent.get(task["taskArn"])
        if task["lastStatus"] != "RUNNING" or running is None or running.running_since is None:
            return False
        checked = any(container.gates for container in running.started())
        if checked and running.health != "HEALTHY":
            return False
        for group, port in _groups_of(service):
            if not self._groups.is_used(group):
                continue
            checked = True
            target = self._groups.health(group, running.place.host, running.place.port(port))
            if target is None or target.health is not Health.HEALTHY:
                return False
        return checked or time.monotonic() - running.running_since >= _SETTLED

    def _stop_unhealthy(self, service: Service) -> None:
        grace = float(service.get("healthCheckGracePeriodSeconds") or 0)
        for task in _active(service):
            running = self._agent.get(task["taskArn"])
            if running is None or running.running_since is None:
                continue
            if running.health == "UNHEALTHY":
                self._agent.stop(task, "Task failed container health checks", UNHEALTHY)
                continue
            if time.monotonic() - running.running_since < grace:
                continue
            for group, port in _groups_of(service):
                target = self._groups.health(group, running.place.host, running.place.port(port))
                if target is not None and target.health is Health.UNHEALTHY:
                    why = f"Task failed ELB health checks in (target-group {group})"
                    self._agent.stop(task, f"{why}: {target.description}", UNHEALTHY)
                    break

    def _became_ready(self, service: Service, primary: Deployment, task: Task) -> None:
        if task.get("_startup_stable"):
            return
        task["_startup_stable"] = True
        configured = breaker(service)
        if primary["rolloutState"] == "IN_PROGRESS" and configured.get("resetOnHealthyTask", True):
            primary["failedTasks"] = 0

    def _complete(self, cluster: str, service: Service, primary: Deployment) -> None:
        primary["rolloutState"] = "COMPLETED"
        primary["rolloutStateReason"] = f"ECS deployment {primary['id']} completed."
        primary["updatedAt"] = ecs._iso()
        primary["_crashes"] = 0
        event(service, "has reached a steady state.")
        ecs._refresh_service_state(cluster, f"service:{service['serviceName']}")

    def task_stopped(self, task: Task) -> None:
        """Look whether a task that has come to its end failed its deployment."""
        group = str(task.get("group", ""))
        cluster = ecs._cluster_name_from_arn(task.get("clusterArn", ""))
        service = ecs._services.get(f"{cluster}/{group.removeprefix('service:')}")
        if group.startswith("service:") and service is not None:
            failed = task["stopCode"] in (ESSENTIAL_EXITED, FAILED_TO_START) or str(
                task["stoppedReason"]
            ).startswith("Task failed ")
            deployment = ecs._deployment_for_task(service, task)
            if failed and deployment is not None and service["status"] == "ACTIVE":
                with resource_lock("ecs-service", service["serviceArn"]):
                    self._failed(service, deployment, task)
        self.wake()

    def _failed(self, service: Service, deployment: Deployment, task: Task) -> None:
        lived = ecs._ts() - epoch(task.get("startedAt"))
        crashes = 1 if task.get("startedAt") and lived > _LIVED else 0
        crashes = crashes or int(deployment.get("_crashes", 0)) + 1
        deployment["_crashes"] = crashes
        deployment["_not_before"] = time.monotonic() + pause_after(crashes)
        identity = task["taskArn"].rsplit("/", 1)[-1]
        event(service, f"(task {identity}) stopped: {task['stoppedReason']}")
        if deployment["rolloutState"] != "IN_PROGRESS":
            return
        failed = deployment["failedTasks"] = int(deployment.get("failedTasks", 0)) + 1
        counted = f"{failed} task{'s' if failed > 1 else ''} failed, the last one with: "
        deployment["rolloutStateReason"] = counted + str(task["stoppedReason"])
        deployment["updatedAt"] = ecs._iso()
        configured = breaker(service)
        if configured.get("enable") and failed >= breaker_threshold(service):
            self._give_up(service, deployment, bool(configured.get("rollback")))

    def _give_up(self, service: Service, deployment: Deployment, rollback: bool) -> None:
        deployment["rolloutState"] = "FAILED"
        deployment["_failed_at"] = time.monotonic()
        deployment["rolloutStateReason"] = (
            f"ECS deployment circuit breaker: {deployment['rolloutStateReason']}"
        )
        deployment["desiredCount"] = 0
        event(service, "deployment failed: deployment circuit breaker was triggered.")
        earlier = next(
            (
                d
                for d in service["deployments"]
                if d is not deployment and d["rolloutState"] == "COMPLETED"
            ),
            None,
        )
        if rollback and earlier is not None and deployment["status"] == "PRIMARY":
            deployment["status"], earlier["status"] = "ACTIVE", "PRIMARY"
            earlier["desiredCount"] = service["desiredCount"]
            earlier["rolloutState"] = "IN_PROGRESS"
            earlier["rolloutStateReason"] = "ECS deployment rollback in progress."
            earlier["updatedAt"] = ecs._iso()
            service["taskDefinition"] = earlier["taskDefinition"]
            event(service, f"rolling back to deployment {earlier['id']}.")


def _forget_failed(service: Service) -> None:
    """A failed deployment is shown for a while, then what waits for one deployment goes on."""
    service["deployments"] = [
        deployment
        for deployment in service["deployments"]
        if deployment["status"] == "PRIMARY"
        or time.monotonic() - deployment["_failed_at"] < _SHOWN
        or deployment["rolloutState"] != "FAILED"
    ]


def _active(service: Service) -> list[Task]:
    group = f"service:{service['serviceName']}"
    return [
        task
        for task in ecs._tasks.values()
        if task.get("group") == group
        and task.get("clusterArn") == service["clusterArn"]
        and lifecycle.is_starting_or_running(task)
    ]


def _tasks_of(service: Service, primary: Deployment) -> tuple[list[Task], list[Task]]:
    new: list[Task] = []
    old: list[Task] = []
    for task in _active(service):
        (new if task.get("_deployment_id") == primary["id"] else old).append(task)
    return new, old


def _groups_of(service: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The target groups of a service, with the container port that each of them means."""
    return [
        (balancer["targetGroupArn"], int(balancer.get("containerPort", 80)))
        for balancer in service.get("loadBalancers") or []
        if balancer.get("targetGroupArn")
    ]
