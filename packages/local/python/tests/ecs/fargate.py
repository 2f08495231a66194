"""Templates of services on Fargate, and asking them questions over HTTP."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_aws import LocalAws, Stack, att, network, ref, resource

SERVER = """
const http = require('http');
const server = http.createServer((request, response) => {
  if (request.url.startsWith('/slow')) {
    const wait = Number(new URL(request.url, 'http://x').searchParams.get('ms') || 1000);
    return setTimeout(() => response.end('slow ' + process.env.VERSION), wait);
  }
  if (request.url === '/die') process.exit(3);
  if (request.url === '/health') {
    response.statusCode = Number(process.env.HEALTH || 200);
    return response.end();
  }
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => response.end(JSON.stringify({
    headers: request.headers, method: request.method, url: request.url, body,
    environment: process.env, pid: process.pid, directory: process.cwd(),
    version: process.env.VERSION,
  })));
});
server.listen(8080, () => console.log('listening, version ' + process.env.VERSION));
process.on('SIGTERM', () => { console.log('SIGTERM'); server.close(() => process.exit(0)); });
"""


def container(version: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "Name": "web",
        "Image": "public.ecr.aws/docker/library/node:22",
        "Command": ["node", "-e", SERVER],
        "Environment": [{"Name": "VERSION", "Value": version}],
        "PortMappings": [{"ContainerPort": 8080}],
        **more,
    }


def definition(*containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return resource(
        "AWS::ECS::TaskDefinition",
        {
            "ContainerDefinitions": list(containers),
            "Cpu": "256",
            "Memory": "512",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            **more,
        },
    )


def service(**more: Any) -> dict[str, Any]:
    return resource(
        "AWS::ECS::Service",
        {
            "Cluster": ref("Cluster"),
            "TaskDefinition": ref("Definition"),
            "LaunchType": "FARGATE",
            "DesiredCount": 1,
            "DeploymentConfiguration": {
                "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
                "MaximumPercent": 200,
                "MinimumHealthyPercent": 100,
            },
            "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": [ref("Subnet")]}},
            **more,
        },
    )


def plain(task: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A service without a balancer."""
    return network(Cluster=resource("AWS::ECS::Cluster"), Definition=task, Service=service(**more))


def balanced(task: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A service behind an application load balancer that redirects from 80 to 443."""
    balancers = [{"ContainerName": "web", "ContainerPort": 8080, "TargetGroupArn": ref("Group")}]
    return {
        **plain(
            task,
            **{"LoadBalancers": balancers, "HealthCheckGracePeriodSeconds": 60, **more},
        ),
        "Service": {
            **service(**{"LoadBalancers": balancers, "HealthCheckGracePeriodSeconds": 60, **more}),
            "DependsOn": ["Secure", "Rule"],
        },
        "Balancer": resource(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            {"Type": "application", "Scheme": "internet-facing", "Subnets": [ref("Subnet")]},
        ),
        "Group": resource(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            {
                "HealthCheckPath": "/health",
                "HealthCheckIntervalSeconds": 5,
                "Port": 80,
                "Protocol": "HTTP",
                "TargetType": "ip",
                "VpcId": ref("Vpc"),
                "TargetGroupAttributes": [
                    {"Key": "deregistration_delay.timeout_seconds", "Value": "10"}
                ],
            },
        ),
        "Certificate": resource(
            "AWS::CertificateManager::Certificate",
            {"DomainName": "api.example.com", "ValidationMethod": "DNS"},
        ),
        "Secure": resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            {
                "LoadBalancerArn": ref("Balancer"),
                "Port": 443,
                "Protocol": "HTTPS",
                "Certificates": [{"CertificateArn": ref("Certificate")}],
                "DefaultActions": [
                    {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
                ],
            },
        ),
        "Plain": resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            {
                "LoadBalancerArn": ref("Balancer"),
                "Port": 80,
                "Protocol": "HTTP",
                "DefaultActions": [
                    {
                        "Type": "redirect",
                        "RedirectConfig": {
                            "Port": "443",
                            "Protocol": "HTTPS",
                            "StatusCode": "HTTP_301",
                        },
                    }
                ],
            },
        ),
        "Rule": resource(
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            {
                "ListenerArn": ref("Secure"),
                "Priority": 1,
                "Conditions": [
                    {
                        "Field": "host-header",
                        "HostHeaderConfig": {"Values": ["api.example.com"]},
                    }
                ],
                "Actions": [{"Type": "forward", "TargetGroupArn": ref("Group")}],
            },
        ),
    }


OUTPUTS = {
    "Cluster": {"Value": ref("Cluster")},
    "Service": {"Value": att("Service", "Name")},
}
HOST = "api.example.com.localhost"


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


def ask(
    aws: LocalAws,
    path: str = "/",
    host: str = HOST,
    method: str = "GET",
    body: bytes | None = None,
    **headers: str,
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", aws.port, timeout=30)
    try:
        named = {
            "Host": f"{host}:{aws.port}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        connection.request(method, path, body=body, headers=named)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def describe(aws: LocalAws, stack: Stack, logical_id: str = "Service") -> dict[str, Any]:
    arn = stack.id(logical_id)
    cluster, name = arn.split("/")[-2:]
    found: dict[str, Any] = aws.client("ecs").describe_services(cluster=cluster, services=[name])[
        "services"
    ][0]
    return found


def tasks(aws: LocalAws, stack: Stack, status: str = "RUNNING") -> list[dict[str, Any]]:
    cluster = stack.id("Cluster")
    ecs = aws.client("ecs")
    arns = ecs.list_tasks(cluster=cluster, desiredStatus=status)["taskArns"]
    found: list[dict[str, Any]] = (
        ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
    )
    return found


def until(what: Callable[[], Any], seconds: float = 15) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come true in time")


def runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the latter while it goes
        return False
