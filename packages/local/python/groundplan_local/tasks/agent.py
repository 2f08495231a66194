"""The agent: starts the processes of a task, watches them, and ends them.

It takes the place of the emulator's Docker worker. A task that stops first leaves its target
groups, then the requests under way to it are answered, then its processes are asked to end, and
after their stop timeout they are killed.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ministack.core.concurrency import resource_lock
from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import ecs, ecs_metadata

from groundplan_local.containers.addresses import AddressBook, NoAddressLeftError, Place
from groundplan_local.containers.command import command_of
from groundplan_local.containers.images import Image, ImageError, ImageStore
from groundplan_local.containers.process import ContainerProcess
from groundplan_local.containers.surroundings import Surroundings
from groundplan_local.tasks import lifecycle
from groundplan_local.tasks.definitions import container_ports, in_order, overridden
from groundplan_local.tasks.environment import of_container
from groundplan_local.tasks.exposure import watch_sockets
from groundplan_local.tasks.logs import NoLogGroupError, sink_of
from groundplan_local.tasks.running import (
    HealthCheck,
    RunningContainer,
    RunningTask,
    condition_met,
    end_processes,
)
from groundplan_local.tasks.secrets import SecretError
from groundplan_local.tasks.secrets import resolve as resolve_secrets

logger = logging.getLogger("groundplan.tasks")

Task = dict[str, Any]
Drain = Callable[[Task, Place], None]

ESSENTIAL_EXITED = "EssentialContainerExited"
FAILED_TO_START = "TaskFailedToStart"


class Agent:
    """All tasks of the instance."""

    def __init__(
        self,
        addresses: AddressBook,
        images: ImageStore,
        scratch: Path,
        surroundings: Surroundings,
        drain: Drain = lambda _task, _place: None,
        stopped: Callable[[Task], None] = lambda _task: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._addresses = addresses
        self._images = images
        self._scratch = scratch
        self._surroundings = surroundings
        self.drain = drain
        self.stopped = stopped
        self.changed = changed
        self._tasks: dict[str, RunningTask] = {}

    def wake(self) -> None:
        """Something changed that the services want to know."""
        self.changed()

    def get(self, task_arn: str) -> RunningTask | None:
        return self._tasks.get(task_arn)

    def port_of(self, host: str, container_port: int) -> int:
        """Where a container port is reached, given the host of its task."""
        for running in list(self._tasks.values()):
            if running.place.host == host and container_port in running.place.ports:
                return running.place.port(container_port)
        return container_port

    def run(
        self,
        task: Task,
        definition: Mapping[str, Any],
        overrides: list[Mapping[str, Any]],
        _docker: object,
        account: str,
        region: str,
    ) -> None:
        """Start a task that the emulator has placed; takes its worker's arguments."""
        with request_scope(account, region):
            try:
                self._start(task, definition, overrides)
            except ImageError as error:
                self.stop(task, f"CannotPullContainerError: {error}", FAILED_TO_START)
            except (SecretError, NoLogGroupError) as error:
                self.stop(task, f"ResourceInitializationError: {error}", FAILED_TO_START)
            except (NoAddressLeftError, OSError, ValueError, KeyError) as error:
                self.stop(task, f"CannotStartContainerError: {error}", FAILED_TO_START)
            except Exception as error:
                logger.exception("task %s", task["taskArn"])
                self.stop(task, f"CannotStartContainerError: {error!r}", FAILED_TO_START)

    def _start(
        self, task: Task, definition: Mapping[str, Any], overrides: list[Mapping[str, Any]]
    ) -> None:
        arn = task["taskArn"]
        if not (ecs._mark_task_pending(arn, task) and ecs._mark_task_activating(arn, task)):
            return
        definitions = [
            overridden(container, overrides)
            for container in in_order(list(definition["containerDefinitions"]))
        ]
        images = {c["name"]: self._images.find(c["image"]) for c in definitions}
        secrets = {c["name"]: resolve_secrets(c) for c in definitions}
        place = self._addresses.lease(container_ports(definitions))
        scratch = self._scratch / arn.rsplit("/", 1)[-1]
        running = RunningTask(task, get_account_id(), get_region(), place, scratch)
        self._tasks[arn] = running
        for container in definitions:
            name = container["name"]
            if not self._wait_for_dependencies(running, container):
                return
            started = self._start_container(
                running, definition, container, images[name], secrets[name]
            )
            if started is None:
                return
        lifecycle.record_address(task, place.host)
        running.running_since = time.monotonic()
        if ecs._mark_task_running(arn, task):
            self.changed()
        running.all_started = True
        self._stop_when_all_ended(running)

    def _wait_for_dependencies(self, running: RunningTask, container: Mapping[str, Any]) -> bool:
        for dependency in container.get("dependsOn") or []:
            other = running.containers[dependency["containerName"]]
            while not running.stopping:
                met = condition_met(other, dependency["condition"])
                if met:
                    break
                if met is None:
                    raise ValueError(
                        f"the container {container['name']} waits for {other.name} to be "
                        f"{dependency['condition']}, which it will not be any more"
                    )
                time.sleep(0.05)
            if running.stopping:
                return False
        return True

    def _start_container(
        self,
        running: RunningTask,
        definition: Mapping[str, Any],
        container: Mapping[str, Any],
        image: Image,
        secrets: Mapping[str, str],
    ) -> RunningContainer | None:
        task, name = running.task, container["name"]
        task_id = task["taskArn"].rsplit("/", 1)[-1]
        container_id = new_uuid().replace("-", "")
        sink = sink_of(container, task_id, container_id, running.account, running.region)
        scratch = running.scratch / name
        scratch.mkdir(parents=True, exist_ok=True)
        environment = {e["name"]: str(e["value"]) for e in container.get("environment") or []}
        command = command_of(
            image,
            container,
            {**environment, **secrets},
            running.place,
            scratch,
            of_container(running, definition, container),
            self._surroundings,
        )
        process = ContainerProcess(
            name,
            container_id,
            sink,
            lambda code: self._exited(running, name, code),
            image.stop_signal,
        )
        started = RunningContainer(container, process, command)
        with running.lock:
            if running.stopping:
                return None
            running.containers[name] = started
            process.start(command)
        record = lifecycle.container_record(task, name)
        with resource_lock("ecs-task", task["taskArn"]):
            record["runtimeId"] = container_id[:12]
            if process.running:
                record["lastStatus"] = "RUNNING"
            if image.digest:
                record["imageDigest"] = image.digest
        watch_sockets(process, lambda ports: self._exposed(running, name, ports))
        if container.get("healthCheck"):
            HealthCheck(running, started, lambda _name: self._health_changed(running)).start()
        return started

    def _exposed(self, running: RunningTask, name: str, ports: list[int]) -> None:
        """A container that others than this machine could reach is stopped."""
        listed = ", ".join(map(str, ports))
        with request_scope(running.account, running.region):
            self.stop(
                running.task,
                f"CannotStartContainerError: {name} listens on port {listed} of every address of "
                f"this machine; let it listen on the address in HOST ({running.place.host})",
                FAILED_TO_START,
            )

    def _exited(self, running: RunningTask, name: str, code: int) -> None:
        task = running.task
        with request_scope(running.account, running.region):
            with resource_lock("ecs-task", task["taskArn"]):
                record = lifecycle.container_record(task, name)
                record["lastStatus"], record["exitCode"] = "STOPPED", code
            if running.stopping:
                return
            container = running.containers[name]
            if container.essential:
                reason = f"Essential container in task exited: {name} ended with {code}"
                last = container.process.last_lines
                if code != 0 and last:
                    reason += f"; it said: {last[-1]}"
                self.stop(task, reason, ESSENTIAL_EXITED)
            else:
                self._stop_when_all_ended(running)

    def _stop_when_all_ended(self, running: RunningTask) -> None:
        """A task whose containers are all gone is over, even when none of them was essential."""
        ended = not any(c.process.running for c in running.started())
        if running.all_started and ended:
            self.stop(running.task, "All containers of the task exited", ESSENTIAL_EXITED)

    def _health_changed(self, running: RunningTask) -> None:
        with resource_lock("ecs-task", running.task["taskArn"]):
            for container in running.started():
                if container.health in ("HEALTHY", "UNHEALTHY"):
                    record = lifecycle.container_record(running.task, container.name)
                    record["healthStatus"] = container.health
            running.task["healthStatus"] = running.health
        self.changed()

    def stop(self, task: Task, reason: str, code: str) -> None:
        """Begin to end a task; a thread of its own brings it to its end."""
        if not lifecycle.begin_stop(task, reason, code):
            return
        running = self._tasks.get(task["taskArn"])
        if running is not None:
            with running.lock:
                running.stopping = True
        place = (get_account_id(), get_region())
        threading.Thread(
            target=self._end, args=(task, running, place), daemon=True, name="groundplan-stop"
        ).start()

    def _end(self, task: Task, running: RunningTask | None, place: tuple[str, str]) -> None:
        with request_scope(*place):
            try:
                if running is not None:
                    if any(c.process.running for c in running.started()):
                        self.drain(task, running.place)
                    lifecycle.stopping(task)
                    end_processes(running)
            finally:
                lifecycle.finish(task)
                if running is not None:
                    for token in running.metadata_tokens:
                        ecs_metadata.unregister_token(token)
                    self._tasks.pop(task["taskArn"], None)
                    self._addresses.release(running.place)
                    shutil.rmtree(running.scratch, ignore_errors=True)
                    running.stopped.set()
                self.stopped(task)

    def end_all(self, grace: float) -> None:
        """Every process, at the end of the server."""
        containers = [c for task in list(self._tasks.values()) for c in task.started()]
        for container in containers:
            container.process.tell()
        deadline = time.monotonic() + grace
        for container in containers:
            if not container.process.wait(max(0.0, deadline - time.monotonic())):
                container.process.kill()
