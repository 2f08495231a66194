"""What the emulator's states did not know: comparisons with paths, and the context object."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from local_aws import ACCOUNT, LocalAws

EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-01T01:00:00.5+01:00"
CASES = [
    ("TimestampGreaterThanPath", LATE, EARLY, True),
    ("TimestampGreaterThanPath", EARLY, LATE, False),
    ("TimestampGreaterThanEqualsPath", EARLY, EARLY, True),
    ("TimestampLessThanPath", EARLY, LATE, True),
    ("TimestampLessThanEqualsPath", LATE, EARLY, False),
    ("TimestampEqualsPath", EARLY, "2026-01-01T01:00:00+01:00", True),
    ("TimestampEqualsPath", "soon", "soon", False),
    ("StringGreaterThanPath", "b", "a", True),
    ("StringLessThanEqualsPath", "a", "a", True),
    ("StringLessThanPath", 1, "a", False),
    ("StringEqualsPath", "a", "b", False),
    ("NumericGreaterThanPath", 2, 1, True),
]


def run(aws: LocalAws, definition: Any, given: Any) -> Any:
    states = aws.client("stepfunctions")
    made = states.create_state_machine(
        name=f"m{time.monotonic_ns()}",
        definition=json.dumps(definition),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/r",
    )["stateMachineArn"]
    try:
        arn = states.start_execution(stateMachineArn=made, input=json.dumps(given))["executionArn"]
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            found = states.describe_execution(executionArn=arn)
            if found["status"] != "RUNNING":
                assert found["status"] == "SUCCEEDED", found
                return json.loads(found["output"])
            time.sleep(0.05)
        raise AssertionError("it did not end")
    finally:
        states.delete_state_machine(stateMachineArn=made)


def test_every_comparison_with_a_path(aws: LocalAws) -> None:
    """All cases in one machine: each is a branch."""
    branches = [
        {
            "StartAt": "Compare",
            "States": {
                "Compare": {
                    "Type": "Choice",
                    "Choices": [
                        {"Variable": f"$[{i}].a", operator: f"$[{i}].b", "Next": "Yes"},
                    ],
                    "Default": "No",
                },
                "Yes": {"Type": "Pass", "Result": True, "End": True},
                "No": {"Type": "Pass", "Result": False, "End": True},
            },
        }
        for i, (operator, *_) in enumerate(CASES)
    ]
    all_at_once = {
        "StartAt": "All",
        "States": {"All": {"Type": "Parallel", "Branches": branches, "End": True}},
    }
    given = [{"a": a, "b": b} for _, a, b, _ in CASES]
    found = run(aws, all_at_once, given)
    assert list(zip(CASES, found, strict=True)) == [(case, case[3]) for case in CASES]


@pytest.mark.parametrize("kind", ["Task", "Parallel", "Map"])
def test_a_result_selector_sees_the_context_object(aws: LocalAws, kind: str) -> None:
    inner = {"StartAt": "In", "States": {"In": {"Type": "Pass", "End": True}}}
    states = {
        "Task": {
            "Resource": "arn:aws:states:::aws-sdk:ecs:listClusters",
            "Parameters": {},
        },
        "Parallel": {"Branches": [inner]},
        "Map": {"ItemsPath": "$.items", "ItemProcessor": inner},
    }
    selector = {"begun.$": "$$.Execution.StartTime", "input.$": "$$.Execution.Input.name"}
    state = {"Type": kind, "ResultSelector": selector, "End": True, **states[kind]}
    given = {"items": [1], "name": "shop"}
    found = run(aws, {"StartAt": "It", "States": {"It": state}}, given)
    assert found["input"] == "shop"
    assert found["begun"].startswith("20")
