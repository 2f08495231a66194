"""Nothing of a task is left, however the local AWS ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from fargate import HOST, ask, balanced, container, definition, runs, until
from local_aws import LocalAws, Stack

from groundplan_local import processes

# A child in a session of its own, as a program may start one.
SPAWNS = (
    "const child = require('child_process').spawn('sleep', ['600'], {detached: true});"
    "require('http').createServer((q, r) => r.end(JSON.stringify({pid: process.pid, "
    "child: child.pid}))).listen(8080); process.on('SIGTERM', () => {});"
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LocalAws]:
    local = LocalAws(tmp_path / "state", log=tmp_path / "server.log")
    yield local
    if local.process and local.process.poll() is None:
        processes.kill([*processes.descendants(local.process.pid), local.process.pid])


def started(own: LocalAws, *arguments: str) -> list[int]:
    own.start(*arguments)
    stubborn = container(Command=["node", "-e", SPAWNS])
    template = balanced(definition(stubborn), DesiredCount=2)
    template["Group"]["Properties"]["HealthCheckPath"] = "/"
    own.stack(template).succeeded()
    found: set[int] = set()

    def both() -> bool:
        found.update(ask(own).json().values())
        return len(found) == 4

    until(both)
    return sorted(found)


def addresses() -> str:
    return f"127.79.{os.getpid() % 255}.0/24"


def test_a_stop_ends_tasks_that_do_not_listen(own: LocalAws) -> None:
    pids = started(own, "--address-block", addresses())
    assert own.stop() == 0
    assert not any(runs(pid) for pid in pids)


def test_a_killed_server_leaves_no_task(own: LocalAws) -> None:
    pids = started(own, "--address-block", addresses())
    os.kill(int(own.health()["pid"]), signal.SIGKILL)
    assert own.process is not None
    own.process.wait(10)
    assert not any(runs(pid) for pid in pids)


def test_a_killed_launcher_leaves_no_task(own: LocalAws) -> None:
    pids = started(own, "--address-block", addresses())
    assert own.process is not None
    own.process.kill()
    own.process.wait(10)
    until(lambda: not any(runs(pid) for pid in pids), 10)


def test_without_addresses_each_task_has_ports_of_its_own(own: LocalAws) -> None:
    own.start()
    stack: Stack = own.stack(balanced(definition(container()), DesiredCount=2)).succeeded()
    answers = [ask(own).json() for _ in range(4)]
    assert len({answer["pid"] for answer in answers}) == 2
    assert {answer["environment"]["HOST"] for answer in answers} == {"127.0.0.1"}
    health = own.client("elbv2").describe_target_health(TargetGroupArn=stack.id("Group"))
    targets = [h["Target"] for h in health["TargetHealthDescriptions"]]
    assert {target["Id"] for target in targets} == {"127.0.0.1"}
    assert len({target["Port"] for target in targets}) == 2
    stack.update(balanced(definition(container("2")), DesiredCount=2)).succeeded()
    assert ask(own, host=HOST).json()["version"] == "2"
    assert own.stop() == 0
