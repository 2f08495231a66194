"""An answer about a changing stack is held back until the stack has changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from local_aws import LocalAws, network, resource

from groundplan_local.engine import long_polls

ASK = b"Action=DescribeStacks&Version=2010-05-15&StackName=shop"


class Emulator:
    """Answers with one text after the other, and keeps what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []

    async def __call__(self, _scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        self.asked.append((await receive())["body"])
        text = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": text.encode()})


def ask(emulator: Emulator, body: bytes = ASK, path: str = "/") -> str:
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path}
    asyncio.run(long_polls.with_long_polls(emulator)(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return str(sent[-1]["body"].decode())


def status(name: str) -> str:
    return f"<StackStatus>{name}</StackStatus>"


@pytest.mark.parametrize("changing", ["CREATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"])
def test_who_asks_about_a_changing_stack_hears_how_it_ended(changing: str) -> None:
    emulator = Emulator(status(changing), status(changing), status("CREATE_COMPLETE"))
    assert ask(emulator) == status("CREATE_COMPLETE")
    assert emulator.asked == [ASK] * 3


@pytest.mark.parametrize("settled", ["CREATE_COMPLETE", "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"])
def test_who_asks_about_another_hears_at_once(settled: str) -> None:
    emulator = Emulator(status(settled))
    assert ask(emulator) == status(settled)
    assert len(emulator.asked) == 1


def test_a_stack_that_takes_long_is_answered_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_polls, "LONGEST", 0.2)
    assert ask(Emulator(status("CREATE_IN_PROGRESS"))) == status("CREATE_IN_PROGRESS")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"Action=DescribeStacks&Version=2010-05-15", "/"),
        (b"Action=DescribeStackEvents&StackName=shop", "/"),
        (ASK, "/queue"),
    ],
)
def test_whoever_asks_something_else_is_not_held_back(body: bytes, path: str) -> None:
    emulator = Emulator(status("CREATE_IN_PROGRESS"))
    assert ask(emulator, body, path) == status("CREATE_IN_PROGRESS")
    assert len(emulator.asked) == 1


def test_one_question_after_a_deployment_began_is_enough(aws: LocalAws) -> None:
    queues = {f"Queue{number}": resource("AWS::SQS::Queue") for number in range(20)}
    client = aws.client("cloudformation")
    body = json.dumps({"Resources": {**network(), **queues}})
    name = client.create_stack(StackName="polled", TemplateBody=body)["StackId"]
    [stack] = client.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    client.delete_stack(StackName=name)
