"""Which listener a URL means.

Three kinds of names lead to an application load balancer on the one port of the local AWS:

- ``web-1a2b.alb.localhost`` and the balancer's own DNS name,
- ``api.example.com.localhost``: a host of one of its rules, or an alias record that points to it,
- each of them behind a number, ``80.api.example.com.localhost``: the listener on that port.

Without a number it is the HTTPS listener: the local AWS ends TLS itself, so to say.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services import alb, route53

_LOCAL = ".localhost"
_BALANCER = ".alb.localhost"
_NUMBERED = re.compile(r"^(\d{1,5})\.(.+)$")
_ADDRESS = re.compile(r"^[\d.]+$|^\[")


@dataclass(frozen=True)
class Destination:
    """A load balancer, one of its listeners, and the host that the rules are to see."""

    account: str
    region: str
    balancer: Mapping[str, Any]
    port: int
    host: str
    asked: str
    """The host of the URL without the number, to build others from."""

    def listener_of(self, port: int) -> bool:
        return port in _ports(self.balancer["LoadBalancerArn"], self.account, self.region)


def find(host: str) -> Destination | None:
    """The destination of a ``Host`` header, or None when it means no load balancer."""
    name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host
    name = name.lower().rstrip(".")
    if name in ("localhost", "") or _ADDRESS.match(name):
        return None
    found = _destination(name, None)
    numbered = _NUMBERED.match(name)
    if found is None and numbered:
        found = _destination(numbered.group(2), int(numbered.group(1)))
    return found


def _destination(name: str, asked_port: int | None) -> Destination | None:
    found = _find(name)
    if found is None:
        return None
    account, region, balancer, host = found
    ports = _ports(balancer["LoadBalancerArn"], account, region)
    if asked_port is not None:
        return (
            Destination(account, region, balancer, asked_port, host, name)
            if asked_port in ports
            else None
        )
    port = default_port(ports)
    return Destination(account, region, balancer, port, host, name)


def default_port(ports: Mapping[int, str]) -> int:
    """The listener that a URL without a number means."""
    for wanted in ("HTTPS", "HTTP"):
        of_protocol = sorted(port for port, protocol in ports.items() if protocol == wanted)
        preferred = 443 if wanted == "HTTPS" else 80
        if of_protocol:
            return preferred if preferred in of_protocol else of_protocol[0]
    return 80


Found = tuple[str, str, Mapping[str, Any], str]


def _find(name: str) -> Found | None:
    balancers = [
        (account, region, balancer)
        for (account, region, _arn), balancer in alb._lbs.all_items()
        if balancer["Type"] == "application"
    ]
    for account, region, balancer in balancers:
        dns = balancer["DNSName"].lower()
        if name in (dns, f"{dns}{_LOCAL}", f"{balancer['LoadBalancerName'].lower()}{_BALANCER}"):
            return account, region, balancer, dns
    host = name.removesuffix(_LOCAL)
    aliased = _alias(host)
    for account, region, balancer in balancers:
        dns = balancer["DNSName"].lower()
        if aliased == dns or any(
            fnmatch.fnmatchcase(host, pattern)
            for pattern in rule_hosts(balancer["LoadBalancerArn"], account, region)
        ):
            return account, region, balancer, host
    return None


def rule_hosts(balancer_arn: str, account: str, region: str) -> Iterator[str]:
    """The hosts that the rules of a load balancer name; ``*`` alone would be every host."""
    listeners = {
        listener["ListenerArn"]
        for listener in alb._listeners.values_scoped(account, region)
        if listener["LoadBalancerArn"] == balancer_arn
    }
    for rule in alb._rules.values_scoped(account, region):
        if rule.get("ListenerArn") in listeners:
            for condition in rule.get("Conditions", []):
                if condition.get("Field") == "host-header":
                    yield from (value.lower() for value in condition["Values"] if value.strip("*."))


def _ports(balancer_arn: str, account: str, region: str) -> dict[int, str]:
    return {
        int(listener.get("Port", 80)): str(listener.get("Protocol", "HTTP"))
        for listener in alb._listeners.values_scoped(account, region)
        if listener["LoadBalancerArn"] == balancer_arn
    }


def _alias(host: str) -> str | None:
    """The DNS name that an alias record of any hosted zone points to."""
    for records in list(route53._records._data.values()):
        for record in records:
            target = record.get("AliasTarget")
            if target and record["Name"].rstrip(".").lower() == host:
                name = str(target["DNSName"]).rstrip(".").lower()
                return name.removeprefix("dualstack.")
    return None
