"""Fault 2: a custom resource that fails says why, and one that is silent does not wait an hour."""

from __future__ import annotations

import time
from typing import Any

from local_aws import LocalAws, att, resource

ANSWER = """
const http = require('http');
exports.handler = (event) => new Promise((done) => {
  const body = JSON.stringify({Status: 'SUCCESS', PhysicalResourceId: 'it',
    StackId: event.StackId, RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId, Data: {Said: event.ResourceProperties.Say}});
  http.request(event.ResponseURL, {method: 'PUT', headers: {'content-length': body.length}},
    (response) => { response.resume(); response.on('end', done); }).end(body);
});
"""
CANNOT_START = "require('no-such-package'); exports.handler = async () => {};"
THROWS = "exports.handler = async () => { throw new Error('the disk is full'); };"
SILENT = "exports.handler = async () => { console.log('looked around'); };"
NEVER_ENDS = "exports.handler = () => new Promise(() => setInterval(() => {}, 1000));"


def custom(code: str, **properties: Any) -> dict[str, Any]:
    trust = {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": "*"}]}
    function = {
        "Code": {"ZipFile": code},
        "Handler": "index.handler",
        "Role": att("Role", "Arn"),
        "Runtime": "nodejs20.x",
        "Timeout": 900,
    }
    return {
        "Role": resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
        "Function": resource("AWS::Lambda::Function", function),
        "It": resource("Custom::It", {"ServiceToken": att("Function", "Arn"), **properties}),
    }


def fail(aws: LocalAws, code: str, **properties: Any) -> tuple[str, float]:
    started = time.monotonic()
    stack = aws.stack(custom(code, **properties))
    took = time.monotonic() - started
    assert stack.status == "ROLLBACK_COMPLETE"
    reason = stack.failures()[0]
    stack.delete()
    return reason, took


def test_one_that_answers_gives_its_data(aws: LocalAws) -> None:
    outputs = {"Said": {"Value": att("It", "Said")}}
    stack = aws.stack(custom(ANSWER, Say="hello"), Outputs=outputs).succeeded()
    assert stack.outputs["Said"] == "hello"
    stack.delete()


def test_one_that_cannot_start_fails_at_once_with_its_own_error(aws: LocalAws) -> None:
    reason, took = fail(aws, CANNOT_START)
    assert "Cannot find module 'no-such-package'" in reason
    assert took < 10


def test_one_that_throws_fails_with_what_it_threw(aws: LocalAws) -> None:
    reason, _ = fail(aws, THROWS)
    assert "the disk is full" in reason


def test_one_that_ends_in_silence_fails_after_its_timeout_with_its_log(aws: LocalAws) -> None:
    reason, _ = fail(aws, SILENT, ServiceTimeout=1)
    assert "did not answer within 1 s (ServiceTimeout)" in reason
    assert "ended without answering" in reason
    assert "looked around" in reason


def test_one_that_never_ends_fails_after_its_timeout(aws: LocalAws) -> None:
    reason, took = fail(aws, NEVER_ENDS, ServiceTimeout="1")
    assert "is still running" in reason
    assert took < 15
