"""The local AWS under test, and stacks in it.

Whatever a test asserts about a resource it reads through the service's own API, never through
CloudFormation or the ledger: a handler that makes nothing must turn its test red.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

PACKAGE = Path(__file__).resolve().parent.parent
ACCOUNT = "000000000000"
REGION = "eu-central-1"


def engines() -> dict[str, str]:
    """The programs that the TypeScript half names, from their source."""
    root = PACKAGE.parent.parent.parent
    loader = root / "node_modules" / "tsx" / "dist" / "cjs" / "index.cjs"
    source = root / "packages" / "engines" / "src"
    named = {
        "GROUNDPLAN_FLYWAY": "flyway",
        "GROUNDPLAN_PGBOUNCER": "pgbouncer",
        "GROUNDPLAN_POSTGRES_SERVER": "postgres-server",
    }
    return {
        "GROUNDPLAN_ENGINES": str(root / ".groundplan" / "engines"),
        **{
            variable: json.dumps(["node", "--require", str(loader), str(source / f"{name}.ts")])
            for variable, name in named.items()
        },
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LocalAws:
    """One launcher with everything below it."""

    state: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    log: Path | None = None
    _clients: dict[str, Any] = field(default_factory=dict)

    def start(self, *arguments: str, wait: bool = True) -> LocalAws:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "groundplan_local"),
                *("--port", str(self.port), "--account", ACCOUNT, "--region", REGION),
                *("--state", str(self.state), *arguments),
            ],
            cwd=PACKAGE,
            env={**os.environ, **self.environment},
            stdout=self.log.open("w") if self.log else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if wait:
            self._wait_until_ready()
        return self

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the launcher ended: {self.process.communicate()[0]}")
            try:
                if self.health()["status"] == "ready":
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the local AWS did not become ready")

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/_groundplan/health", timeout=2) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)
        return self.process.returncode

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.url,
                region_name=REGION,
                aws_access_key_id=ACCOUNT,
                aws_secret_access_key="local",
                config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
            )
        return self._clients[service]

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    def ledger(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.state / "ledger.jsonl").read_text().splitlines()]

    def stack(self, resources: dict[str, Any], **sections: Any) -> Stack:
        """Deploy a new stack and wait for it."""
        return Stack(self, f"T{uuid.uuid4().hex[:10]}").create(resources, **sections)


@dataclass
class Stack:
    aws: LocalAws
    name: str
    status: str = ""

    @property
    def _cfn(self) -> Any:
        return self.aws.client("cloudformation")

    def create(self, resources: dict[str, Any], **sections: Any) -> Stack:
        self._cfn.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps({"Resources": resources, **sections}),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        return self._settle()

    def update(self, resources: dict[str, Any], **sections: Any) -> Stack:
        self._cfn.update_stack(
            StackName=self.name,
            TemplateBody=json.dumps({"Resources": resources, **sections}),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        return self._settle()

    def delete(self) -> None:
        identifier = self.describe()["StackId"]
        self._cfn.delete_stack(StackName=self.name)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.status = self._cfn.describe_stacks(StackName=identifier)["Stacks"][0][
                "StackStatus"
            ]
            if not self.status.endswith("_IN_PROGRESS"):
                break
            time.sleep(0.05)
        assert self.status == "DELETE_COMPLETE", self.failures(identifier)

    def _settle(self) -> Stack:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            self.status = self.describe()["StackStatus"]
            if not self.status.endswith("_IN_PROGRESS"):
                return self
            time.sleep(0.05)
        raise AssertionError(f"{self.name} did not settle: {self.status}")

    def succeeded(self) -> Stack:
        assert self.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), self.failures()
        return self

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self._cfn.describe_stacks(StackName=self.name)["Stacks"][0]
        return found

    @property
    def outputs(self) -> dict[str, str]:
        return {o["OutputKey"]: o["OutputValue"] for o in self.describe().get("Outputs", [])}

    def id(self, logical_id: str) -> str:
        detail = self._cfn.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )["StackResourceDetail"]
        return str(detail["PhysicalResourceId"])

    def resource_status(self, logical_id: str) -> str:
        detail = self._cfn.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )["StackResourceDetail"]
        return str(detail["ResourceStatus"])

    def events(self, identifier: str | None = None) -> list[dict[str, Any]]:
        """Oldest first."""
        found = self._cfn.describe_stack_events(StackName=identifier or self.name)["StackEvents"]
        return list(reversed(found))

    def failures(self, identifier: str | None = None) -> list[str]:
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in self.events(identifier)
            if event["ResourceStatus"].endswith("_FAILED")
        ]


def resource(kind: str, properties: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties or {}, **more}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def output(value: Any) -> dict[str, Any]:
    return {"Value": value}


def tag(name: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": name}]


def tag_of(item: dict[str, Any], key: str = "Name") -> str | None:
    return next((t["Value"] for t in item.get("Tags", []) if t["Key"] == key), None)


def filters(**wanted: str) -> list[dict[str, Any]]:
    return [{"Name": k.replace("_", "-"), "Values": [v]} for k, v in wanted.items()]


def network(**more: Any) -> dict[str, Any]:
    """A VPC with one subnet and a way out, under whatever a test adds."""
    return {
        "Vpc": resource("AWS::EC2::VPC", {"CidrBlock": "10.9.0.0/16", "EnableDnsHostnames": True}),
        "Subnet": resource(
            "AWS::EC2::Subnet",
            {
                "VpcId": ref("Vpc"),
                "CidrBlock": "10.9.1.0/24",
                "AvailabilityZone": f"{REGION}b",
            },
        ),
        "Internet": resource("AWS::EC2::InternetGateway"),
        "Attachment": resource(
            "AWS::EC2::VPCGatewayAttachment",
            {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Internet")},
        ),
        **more,
    }
