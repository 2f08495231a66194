"""Services behind network load balancers, and connecting to them."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

from fargate import container, definition, plain
from local_aws import LocalAws, Stack, att, output, ref, resource

LB = "AWS::ElasticLoadBalancingV2::"
PORT = 6432
SERVER = """
const net = require('net');
const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.write(process.pid + ' ' + process.env.VERSION + '\\n');
  let got = '';
  socket.on('data', (part) => { got += part; socket.write(part); });
  socket.on('end', () => socket.end('end of ' + got));
});
server.listen(8080);
"""


def task(version: str = "1", **more: Any) -> dict[str, Any]:
    return definition(container(version, Command=["node", "-e", SERVER], **more))


def group(**more: Any) -> dict[str, Any]:
    given = {
        "Port": 8080,
        "Protocol": "TCP",
        "TargetType": "ip",
        "VpcId": ref("Vpc"),
        "TargetGroupAttributes": [
            {"Key": "deregistration_delay.timeout_seconds", "Value": "20"},
        ],
        **more,
    }
    return resource(f"{LB}TargetGroup", given)


def listener(to: str = "Group", **more: Any) -> dict[str, Any]:
    given = {
        "LoadBalancerArn": ref("Balancer"),
        "Port": PORT,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": ref(to)}],
        **more,
    }
    return resource(f"{LB}Listener", given)


def balancer(**more: Any) -> dict[str, Any]:
    return {
        "Guard": resource(
            "AWS::EC2::SecurityGroup", {"GroupDescription": "of the balancer", "VpcId": ref("Vpc")}
        ),
        "Balancer": resource(
            f"{LB}LoadBalancer",
            {
                "Type": "network",
                "Scheme": "internal",
                "Subnets": [ref("Subnet")],
                "SecurityGroups": [att("Guard", "GroupId")],
                **more,
            },
        ),
    }


def pooled(version: str = "1", **more: Any) -> dict[str, Any]:
    """A service of two tasks behind a network load balancer."""
    balancers = [{"ContainerName": "web", "ContainerPort": 8080, "TargetGroupArn": ref("Group")}]
    template = plain(task(version), DesiredCount=2, LoadBalancers=balancers)
    template["Service"]["DependsOn"] = ["Listener"]
    return {**template, **balancer(), "Group": group(), "Listener": listener(), **more}


OUTPUTS = {"DNSName": output(att("Balancer", "DNSName"))}


class Session:
    """A connection, and who answered it."""

    def __init__(self, host: str, port: int = PORT) -> None:
        self.socket = socket.create_connection((host, port), 5)
        self.socket.settimeout(10)
        self._lines = self.socket.makefile("r")
        try:
            pid, self.version = self._lines.readline().split()
        except ValueError:
            self.close()
            raise ConnectionError("it was closed without a word") from None
        self.pid = int(pid)

    def say(self, text: str) -> str:
        self.socket.sendall(f"{text}\n".encode())
        return self._lines.readline().strip()

    def rest(self) -> str:
        return self._lines.read()

    def close(self) -> None:
        self._lines.close()
        self.socket.close()


def visit(host: str, port: int = PORT) -> int:
    with contextlib.closing(Session(host, port)) as session:
        return session.pid


def answers(host: str, port: int = PORT) -> bool:
    try:
        visit(host, port)
    except OSError:
        return False
    return True


def listens(host: str, port: int = PORT) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def described(aws: LocalAws, stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("elbv2").describe_load_balancers(
        LoadBalancerArns=[stack.id("Balancer")]
    )["LoadBalancers"][0]
    return found


def values(attributes: list[dict[str, str]]) -> dict[str, str]:
    return {attribute["Key"]: attribute["Value"] for attribute in attributes}


def other_server(host: str = "127.0.0.1") -> socket.socket:
    """A server of the machine that calls itself 1, and its version ``other``."""
    server = socket.create_server((host, 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = server.accept()
                client.sendall(b"1 other\n")
                client.close()

    threading.Thread(target=serve, daemon=True).start()
    return server
