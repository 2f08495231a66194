"""Tasks: what a process is given, in which order processes start, and how they end."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest
from fargate import runs, until
from local_aws import ACCOUNT, LocalAws

CLUSTER = "tasks"
PRINT = "console.log(JSON.stringify({e: process.env, a: process.argv.slice(1), d: process.cwd()}))"


def node(script: str, **more: Any) -> dict[str, Any]:
    return {
        "name": "main",
        "image": "node:22",
        "command": ["node", "-e", script],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-create-group": "true",
                "awslogs-group": "/tasks",
                "awslogs-region": "eu-central-1",
                "awslogs-stream-prefix": "t",
            },
        },
        **more,
    }


def start(aws: LocalAws, *containers: dict[str, Any], **run: Any) -> str:
    ecs = aws.client("ecs")
    ecs.create_cluster(clusterName=CLUSTER)
    made = ecs.register_task_definition(
        family=f"f{uuid.uuid4().hex[:8]}",
        containerDefinitions=list(containers),
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
    )["taskDefinition"]["taskDefinitionArn"]
    subnets = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    given = {"cluster": CLUSTER, "launchType": "FARGATE", "networkConfiguration": subnets, **run}
    return str(ecs.run_task(taskDefinition=made, **given)["tasks"][0]["taskArn"])


def describe(aws: LocalAws, task: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("ecs").describe_tasks(cluster=CLUSTER, tasks=[task])[
        "tasks"
    ][0]
    return found


def ended(aws: LocalAws, task: str) -> dict[str, Any]:
    until(lambda: describe(aws, task)["lastStatus"] == "STOPPED")
    return describe(aws, task)


def said(aws: LocalAws, task: str, name: str = "main", group: str = "/tasks") -> list[str]:
    stream = f"t/{name}/{task.rsplit('/', 1)[-1]}"
    events = aws.client("logs").get_log_events(logGroupName=group, logStreamName=stream)["events"]
    return [event["message"] for event in events]


def codes(task: dict[str, Any]) -> dict[str, Any]:
    return {c["name"]: c.get("exitCode") for c in task["containers"]}


def test_the_exit_code_of_a_task_is_that_of_its_process(aws: LocalAws) -> None:
    for code in (0, 7):
        task = ended(aws, start(aws, node(f"process.exit({code})")))
        assert codes(task) == {"main": code}
        assert task["stopCode"] == "EssentialContainerExited"
    task = ended(aws, start(aws, node("process.kill(process.pid, 'SIGKILL')")))
    assert codes(task) == {"main": 137}


def test_environment_command_and_overrides_arrive(aws: LocalAws) -> None:
    definition = node(PRINT, environment=[{"name": "A", "value": "1"}, {"name": "B", "value": "2"}])
    overrides = {
        "containerOverrides": [{"name": "main", "environment": [{"name": "B", "value": "9"}]}]
    }
    task = start(aws, definition, overrides=overrides)
    ended(aws, task)
    environment = json.loads(said(aws, task)[0])["e"]
    assert (environment["A"], environment["B"]) == ("1", "9")
    assert environment["AWS_ACCESS_KEY_ID"] == ACCOUNT
    assert environment["AWS_ENDPOINT_URL"] == aws.url
    assert environment["HOST"].startswith("127.78.")
    assert environment["PGSSLROOTCERT"] == str(aws.state / "databases" / "ca" / "ca.pem")
    assert "ECS_CONTAINER_METADATA_URI_V4" in environment
    # Nothing of the environment of the local AWS itself.
    assert not {"GATEWAY_PORT", "PYTEST_CURRENT_TEST", "AWS_CONFIG_FILE"} & set(environment)


def test_entry_point_and_working_directory_are_the_definitions(
    aws: LocalAws, tmp_path: Any
) -> None:
    given = node("", entryPoint=["node", "-p"], command=["process.cwd()"])
    task = start(aws, {**given, "workingDirectory": str(tmp_path)})
    ended(aws, task)
    assert said(aws, task) == [str(tmp_path)]


def test_secrets_and_parameters_arrive_decrypted(aws: LocalAws) -> None:
    secret = aws.client("secretsmanager").create_secret(
        Name="shop", SecretString=json.dumps({"user": "u", "port": 5432})
    )["ARN"]
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="/shop/key", Value="sealed", Type="SecureString")
    secrets = [
        {"name": "ALL", "valueFrom": secret},
        {"name": "USER_NAME", "valueFrom": f"{secret}:user::"},
        {"name": "DB_PORT", "valueFrom": f"{secret}:port:AWSCURRENT:"},
        {"name": "KEY", "valueFrom": "/shop/key"},
    ]
    task = start(aws, node(PRINT, secrets=secrets))
    ended(aws, task)
    environment = json.loads(said(aws, task)[0])["e"]
    assert json.loads(environment["ALL"]) == {"user": "u", "port": 5432}
    assert [environment[k] for k in ("USER_NAME", "DB_PORT", "KEY")] == ["u", "5432", "sealed"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"image": "nginx:1"}, "CannotPullContainerError: the local AWS has no Docker"),
        ({"secrets": [{"name": "A", "valueFrom": "/no/such"}]}, "unable to pull secrets"),
        ({"command": ["no-such-program"]}, "CannotStartContainerError"),
        (
            {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/none"}}},
            "the specified log group /none does not exist",
        ),
    ],
)
def test_a_task_that_cannot_start_says_why(
    aws: LocalAws, more: dict[str, Any], reason: str
) -> None:
    task = ended(aws, start(aws, node("", **more)))
    assert task["stopCode"] == "TaskFailedToStart"
    assert reason in task["stoppedReason"]


def test_a_task_is_asked_to_end_and_killed_after_its_stop_timeout(aws: LocalAws) -> None:
    polite = (
        "process.on('SIGTERM', () => {console.log('bye'); process.exit(4)});"
        "setInterval(() => {}, 1e6); console.log('up')"
    )
    deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log(process.pid)"
    ecs = aws.client("ecs")
    task = start(aws, node(polite))
    until(lambda: describe(aws, task)["lastStatus"] == "RUNNING" and said(aws, task) == ["up"])
    ecs.stop_task(cluster=CLUSTER, task=task, reason="enough")
    stopped = ended(aws, task)
    assert (stopped["stopCode"], stopped["stoppedReason"]) == ("UserInitiated", "enough")
    assert codes(stopped) == {"main": 4}
    assert said(aws, task) == ["up", "bye"]

    task = start(aws, node(deaf, stopTimeout=2))
    until(lambda: describe(aws, task)["lastStatus"] == "RUNNING" and said(aws, task))
    begun = time.monotonic()
    answer = ecs.stop_task(cluster=CLUSTER, task=task)["task"]
    assert answer["desiredStatus"] == "STOPPED"
    assert codes(ended(aws, task)) == {"main": 137}
    assert 1.9 < time.monotonic() - begun < 6
    assert not runs(int(said(aws, task)[0]))


def test_containers_wait_for_those_that_they_depend_on(aws: LocalAws) -> None:
    depends = [{"containerName": "first", "condition": "SUCCESS"}]
    main = node("console.log(Date.now())", dependsOn=depends)
    first = node("setTimeout(() => console.log(Date.now()), 300)", name="first", essential=False)
    task = start(aws, main, first)
    assert codes(ended(aws, task)) == {"main": 0, "first": 0}
    assert int(said(aws, task)[0]) > int(said(aws, task, "first")[0])

    failing = node("process.exit(1)", name="first", essential=False)
    task = start(aws, main, failing)
    assert "to be SUCCESS, which it will not be" in ended(aws, task)["stoppedReason"]


SERVER = (
    "require('http').createServer((q, r) => r.end('hi')).listen(9000, () => console.log('up'));"
    "process.on('SIGTERM', () => process.exit(0))"
)
CLIENT = (
    "const ask = () => fetch('http://localhost:9000/').then((r) => r.text()).then((t) => "
    "{console.log(t); process.exit(3)}, () => setTimeout(ask, 50)); ask()"
)


def test_the_containers_of_a_task_reach_one_another_and_end_together(aws: LocalAws) -> None:
    side = node(SERVER, name="side", portMappings=[{"containerPort": 9000}], essential=False)
    task = start(aws, side, node(CLIENT))
    assert codes(ended(aws, task)) == {"main": 3, "side": 0}
    assert said(aws, task) == ["hi"]


PYTHON = (
    "import http.server, os; print(os.environ['HOST'], flush=True); "
    "http.server.test(HandlerClass=http.server.SimpleHTTPRequestHandler, port=9001)"
)


def test_programs_that_listen_on_every_address_listen_on_their_tasks_own(aws: LocalAws) -> None:
    images = {"python": ("python:3.13-slim", ["python", "-c", PYTHON])}
    found = []
    for image, command in images.values():
        given = node("", image=image, command=command, portMappings=[{"containerPort": 9001}])
        found += [start(aws, given), start(aws, given)]
    hosts = [until(lambda t=task: said(aws, t))[0] for task in found]
    assert len(set(hosts)) == 2
    for task in found:
        until(lambda t=task: any("Serving HTTP" in line for line in said(aws, t)))
        assert describe(aws, task)["lastStatus"] == "RUNNING"
        aws.client("ecs").stop_task(cluster=CLUSTER, task=task)
        ended(aws, task)


def test_a_health_check_is_run_where_the_container_listens(aws: LocalAws) -> None:
    script = (
        "require('http').get('http://localhost:9000/', (r) => process.exit(r.statusCode - 200))"
    )
    check = {"command": ["CMD", "node", "-e", script], "interval": 5, "retries": 1}
    given = node(SERVER, portMappings=[{"containerPort": 9000}], healthCheck=check)
    task = start(aws, given)
    until(lambda: describe(aws, task).get("healthStatus") == "HEALTHY")
    assert describe(aws, task)["containers"][0]["healthStatus"] == "HEALTHY"
    aws.client("ecs").stop_task(cluster=CLUSTER, task=task)
    ended(aws, task)

    sick = {**given, "healthCheck": {**check, "command": ["CMD-SHELL", "exit 1"]}}
    task = start(aws, sick)
    until(lambda: describe(aws, task).get("healthStatus") == "UNHEALTHY")
    aws.client("ecs").stop_task(cluster=CLUSTER, task=task)
    ended(aws, task)


LEAVES = (
    "const {spawn} = require('child_process');"
    "const child = spawn('sleep', ['600'], {detached: true, stdio: 'ignore'}); child.unref();"
    "console.log(child.pid); setInterval(() => {}, 1e6)"
)


def test_what_a_container_started_ends_with_it(aws: LocalAws) -> None:
    task = start(aws, node(LEAVES))
    stray = int(until(lambda: said(aws, task))[0])
    assert runs(stray)
    aws.client("ecs").stop_task(cluster=CLUSTER, task=task)
    ended(aws, task)
    until(lambda: not runs(stray), 5)


def test_a_program_that_others_could_reach_is_stopped(aws: LocalAws) -> None:
    # Without the module that is loaded before it, as a program in another language.
    unset = ["env", "-u", "NODE_OPTIONS", "node", "-e"]
    listens = "require('net').createServer().listen(0, '0.0.0.0')"
    task = ended(aws, start(aws, node("", command=[*unset, listens])))
    assert (
        "of every address of this machine; let it listen on the address in HOST"
        in (task["stoppedReason"])
    )
