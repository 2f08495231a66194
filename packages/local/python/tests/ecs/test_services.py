"""Services: what stands behind a green resource, and why one is red."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

from fargate import (
    OUTPUTS,
    Answer,
    ask,
    balanced,
    container,
    definition,
    describe,
    plain,
    runs,
    tasks,
    until,
)
from local_aws import ACCOUNT, REGION, LocalAws, Stack

BREAKER = {"DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}}
NO_BREAKER = {
    "DeploymentConfiguration": {"DeploymentCircuitBreaker": {"Enable": False, "Rollback": False}}
}


class Loop:
    """Requests without a pause while something else happens."""

    def __init__(self, aws: LocalAws, path: str = "/") -> None:
        self._aws = aws
        self._path = path
        self._ended = False
        self.answers: list[Answer] = []
        self.failures: list[str] = []

    def _run(self) -> None:
        while not self._ended:
            try:
                answer = ask(self._aws, self._path)
                (self.answers if answer.status == 200 else self.failures).append(answer)  # type: ignore[arg-type]
            except OSError as error:
                self.failures.append(str(error))

    def __enter__(self) -> Loop:
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(3)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        for thread in self._threads:
            thread.join()


def pids(aws: LocalAws, count: int) -> set[int]:
    found: set[int] = set()
    until(lambda: found.add(int(ask(aws).json()["pid"])) or len(found) == count)
    return found


def state(aws: LocalAws, stack: Stack) -> list[tuple[str, str, int]]:
    return [
        (d["status"], d["rolloutState"], d["runningCount"])
        for d in describe(aws, stack)["deployments"]
    ]


def test_a_service_is_complete_when_its_tasks_are_healthy_and_gone_with_its_processes(
    aws: LocalAws,
) -> None:
    stack = aws.stack(
        balanced(definition(container()), DesiredCount=2), Outputs=OUTPUTS
    ).succeeded()
    assert state(aws, stack) == [("PRIMARY", "COMPLETED", 2)]
    group = stack.id("Group")
    elb = aws.client("elbv2")
    health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert [h["TargetHealth"]["State"] for h in health] == ["healthy", "healthy"]
    assert {h["Target"]["Port"] for h in health} == {8080}
    running = tasks(aws, stack)
    addresses = {
        d["value"]
        for task in running
        for d in task["attachments"][0]["details"]
        if d["name"] == "privateIPv4Address"
    }
    assert addresses == {h["Target"]["Id"] for h in health}
    assert len(addresses) == 2
    processes = pids(aws, 2)
    cluster, name = stack.outputs["Cluster"], stack.outputs["Service"]
    stack.delete()
    assert not any(runs(pid) for pid in processes)
    gone = aws.client("ecs").describe_clusters(clusters=[cluster])
    assert gone["failures"][0]["reason"] == "MISSING"
    assert name
    assert elb.describe_target_groups()["TargetGroups"] == []


def test_an_update_rolls_over_without_a_failed_request(aws: LocalAws) -> None:
    stack = aws.stack(balanced(definition(container()), DesiredCount=2)).succeeded()
    before = pids(aws, 2)
    with Loop(aws) as fast, Loop(aws, "/slow?ms=300") as slow:
        stack.update(balanced(definition(container("2")), DesiredCount=2)).succeeded()
        assert ask(aws).json()["version"] == "2"
    assert fast.failures == []
    assert slow.failures == []
    assert state(aws, stack) == [("PRIMARY", "COMPLETED", 2)]
    until(lambda: not any(runs(pid) for pid in before))
    stopped = tasks(aws, stack, "STOPPED")
    assert {t["containers"][0]["exitCode"] for t in stopped} == {0}
    assert {t["stopCode"] for t in stopped} == {"ServiceSchedulerInitiated"}
    stack.delete()


def test_with_no_room_for_more_tasks_it_rolls_one_after_the_other(aws: LocalAws) -> None:
    limits = {**BREAKER, "MaximumPercent": 100, "MinimumHealthyPercent": 50}
    more: dict[str, Any] = {"DesiredCount": 2, "DeploymentConfiguration": limits}
    stack = aws.stack(balanced(definition(container()), **more)).succeeded()
    with Loop(aws) as loop:
        stack.update(balanced(definition(container("2")), **more)).succeeded()
    assert loop.failures == []
    stack.delete()


def test_a_killed_task_is_replaced_and_only_its_own_requests_fail(aws: LocalAws) -> None:
    stack = aws.stack(balanced(definition(container()), DesiredCount=2)).succeeded()
    victim = next(iter(pids(aws, 2)))
    with Loop(aws) as loop:
        time.sleep(0.2)
        os.kill(victim, signal.SIGKILL)
        begun = time.monotonic()
        until(lambda: not runs(victim) and describe(aws, stack)["runningCount"] == 2)
        replaced = time.monotonic() - begun
        time.sleep(0.3)
    assert replaced < 5
    assert len(loop.failures) <= 3
    assert victim not in pids(aws, 2)
    task = tasks(aws, stack, "STOPPED")[0]
    assert task["containers"][0]["exitCode"] == 137
    assert task["stopCode"] == "EssentialContainerExited"
    stack.delete()


def test_a_request_under_way_is_answered_before_its_task_is_told_to_end(aws: LocalAws) -> None:
    stack = aws.stack(balanced(definition(container()), DesiredCount=1)).succeeded()
    found: list[Answer] = []
    asking = threading.Thread(target=lambda: found.append(ask(aws, "/slow?ms=2500")))
    asking.start()
    time.sleep(0.3)
    stack.update(balanced(definition(container("2")), DesiredCount=1)).succeeded()
    asking.join()
    assert (found[0].status, found[0].body) == (200, b"slow 1")
    stack.delete()


def test_an_image_without_a_program_fails_the_service_with_what_would_help(aws: LocalAws) -> None:
    stack = aws.stack(plain(definition(container(Image="registry.example.com/api:1"))))
    assert stack.status == "ROLLBACK_COMPLETE"
    reason = stack.failures()[0]
    assert "CannotPullContainerError" in reason
    assert "registry.example.com/api:1" in reason
    for way in ("Dockerfile", "node or python", "local-images.json"):
        assert way in reason
    stack.delete()


def test_a_program_that_ends_fails_the_service_with_its_exit_code_and_last_words(
    aws: LocalAws,
) -> None:
    broken = container(Command=["node", "-e", "console.log('no database'); process.exit(9)"])
    stack = aws.stack(plain(definition(broken)))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "circuit breaker: 3 tasks failed" in stack.failures()[0]
    assert "web ended with 9; it said: no database" in stack.failures()[0]
    stack.delete()


def test_without_a_circuit_breaker_it_does_not_wait_for_ever(aws: LocalAws) -> None:
    broken = container(Command=["node", "-e", "process.exit(1)"])
    stack = aws.stack(plain(definition(broken), **NO_BREAKER))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "does not become steady" in stack.failures()[0]
    stack.delete()


def test_a_target_that_is_never_healthy_fails_the_service(aws: LocalAws) -> None:
    sick = container(Environment=[{"Name": "HEALTH", "Value": "500"}])
    template = balanced(definition(sick), HealthCheckGracePeriodSeconds=0)
    template["Group"]["Properties"].update(
        HealthCheckIntervalSeconds=5, UnhealthyThresholdCount=2, HealthCheckTimeoutSeconds=2
    )
    template["Service"]["Properties"]["DeploymentConfiguration"] = {
        "DeploymentCircuitBreaker": {
            "Enable": True,
            "Rollback": True,
            "ThresholdConfiguration": {"Type": "COUNT", "Value": 1},
        }
    }
    stack = aws.stack(template)
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "failed ELB health checks" in stack.failures()[0]
    assert "codes: [500]" in stack.failures()[0]
    stack.delete()


def test_a_failed_update_goes_back_and_the_old_tasks_never_stopped(aws: LocalAws) -> None:
    stack = aws.stack(balanced(definition(container()), DesiredCount=2)).succeeded()
    before = pids(aws, 2)
    with Loop(aws) as loop:
        broken = container("2", Command=["node", "-e", "process.exit(1)"])
        stack.update(balanced(definition(broken), DesiredCount=2))
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert loop.failures == []
    assert pids(aws, 2) == before
    assert ("PRIMARY", "COMPLETED", 2) in state(aws, stack)
    stack.delete()


def test_it_scales_in_place_to_nothing_and_back(aws: LocalAws) -> None:
    task = definition(container())
    stack = aws.stack(plain(task, DesiredCount=1)).succeeded()
    arn = stack.id("Service")
    stack.update(plain(task, DesiredCount=3)).succeeded()
    assert describe(aws, stack)["runningCount"] == 3
    stack.update(plain(task, DesiredCount=0)).succeeded()
    assert describe(aws, stack)["runningCount"] == 0
    assert stack.id("Service") == arn
    stack.delete()


KEPT = {
    "AvailabilityZoneRebalancing": "ENABLED",
    "DeploymentConfiguration": {
        "Alarms": {"AlarmNames": ["too-slow"], "Enable": True, "Rollback": True},
        "BakeTimeInMinutes": 5,
        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        "LifecycleHooks": [
            {
                "HookDetails": {"depth": 2},
                "HookTargetArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:hook",
                "LifecycleStages": ["PRE_SCALE_UP"],
                "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/hook",
            }
        ],
        "MaximumPercent": 200,
        "MinimumHealthyPercent": 100,
        "Strategy": "BLUE_GREEN",
    },
    "EnableECSManagedTags": True,
    "EnableExecuteCommand": True,
    "HealthCheckGracePeriodSeconds": 7,
    "PropagateTags": "SERVICE",
    "ServiceConnectConfiguration": {"Enabled": True, "Namespace": "shop"},
    "Tags": [{"Key": "Owner", "Value": "shop"}],
}


def test_what_is_only_kept_is_read_back_and_said(aws: LocalAws) -> None:
    strategy = [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
    template = plain(definition(container()), CapacityProviderStrategy=strategy, **KEPT)
    del template["Service"]["Properties"]["LaunchType"]
    stack = aws.stack(template).succeeded()
    found = describe(aws, stack)
    configuration = found["deploymentConfiguration"]
    assert configuration["alarms"] == {"alarmNames": ["too-slow"], "enable": True, "rollback": True}
    assert (configuration["bakeTimeInMinutes"], configuration["strategy"]) == (5, "BLUE_GREEN")
    assert configuration["lifecycleHooks"][0]["lifecycleStages"] == ["PRE_SCALE_UP"]
    assert configuration["lifecycleHooks"][0]["hookDetails"] == {"depth": 2}
    assert found["availabilityZoneRebalancing"] == "ENABLED"
    assert found["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    assert (found["enableECSManagedTags"], found["enableExecuteCommand"]) == (True, True)
    assert (found["propagateTags"], found["healthCheckGracePeriodSeconds"]) == ("SERVICE", 7)
    connect = found["deployments"][0]["serviceConnectConfiguration"]
    assert connect == {"enabled": True, "namespace": "shop"}
    ecs = aws.client("ecs")
    task = tasks(aws, stack)[0]
    assert task["capacityProviderName"] == "FARGATE_SPOT"
    tagged = ecs.list_tags_for_resource(resourceArn=task["taskArn"])["tags"]
    assert {"key": "Owner", "value": "shop"} in tagged
    note = next(e for e in aws.ledger() if e["logicalId"] == "Service" and e["stack"] == stack.name)
    assert "strategy, bake time, lifecycle hooks, alarms, Service Connect" in note["note"]

    del template["Service"]["Properties"]["Tags"]
    template["Service"]["Properties"]["PropagateTags"] = "NONE"
    del template["Service"]["Properties"]["HealthCheckGracePeriodSeconds"]
    stack.update(template).succeeded()
    found = describe(aws, stack)
    assert (found["propagateTags"], found["healthCheckGracePeriodSeconds"]) == ("NONE", 0)
    keys = {t["key"] for t in ecs.list_tags_for_resource(resourceArn=found["serviceArn"])["tags"]}
    assert "Owner" not in keys
    stack.delete()


def test_a_property_that_nobody_knows_is_refused_instead_of_lost(aws: LocalAws) -> None:
    stack = aws.stack(plain(definition(container()), Unheard="of"))
    assert "does not know the property Unheard" in stack.failures()[0]
    stack.delete()
