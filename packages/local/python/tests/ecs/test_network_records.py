"""Network load balancers: what is read back, what is only recorded, and the API that makes them."""

from __future__ import annotations

import contextlib
import os
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from local_aws import LocalAws, network, ref, resource
from pools import PORT, balancer, described, group, listener, listens, other_server, values, visit


def test_attributes_are_those_of_a_network_load_balancer(aws: LocalAws) -> None:
    cross = {"Key": "load_balancing.cross_zone.enabled", "Value": "true"}
    idle = {"Key": "tcp.idle_timeout.seconds", "Value": "600"}
    template = {
        **network(),
        **balancer(LoadBalancerAttributes=[cross]),
        "Group": group(),
        "Web": group(HealthCheckProtocol="HTTP", HealthCheckPath="/health"),
        "Listener": listener(),
    }
    stack = aws.stack(template).succeeded()
    elb = aws.client("elbv2")
    arn = stack.id("Balancer")
    assert values(elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]) == {
        "access_logs.s3.bucket": "",
        "access_logs.s3.enabled": "false",
        "access_logs.s3.prefix": "",
        "deletion_protection.enabled": "false",
        "dns_record.client_routing_policy": "any_availability_zone",
        "ipv6.deny_all_igw_traffic": "true",
        "load_balancing.cross_zone.enabled": "true",
        "secondary_ips.auto_assigned.per_subnet": "0",
        "zonal_shift.config.enabled": "false",
    }
    attributes = elb.describe_target_group_attributes(TargetGroupArn=stack.id("Group"))
    of_group = values(attributes["Attributes"])
    assert {name: of_group[name] for name in of_group if "target_group_health" not in name} == {
        "deregistration_delay.connection_termination.enabled": "false",
        "deregistration_delay.timeout_seconds": "20",
        "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
        "preserve_client_ip.enabled": "false",
        "proxy_protocol_v2.enabled": "false",
        "stickiness.enabled": "false",
        "stickiness.type": "source_ip",
        "target_health_state.unhealthy.connection_termination.enabled": "true",
        "target_health_state.unhealthy.draining_interval_seconds": "0",
    }

    def of_listener() -> dict[str, str]:
        described = elb.describe_listener_attributes(ListenerArn=stack.id("Listener"))
        return values(described["Attributes"])

    assert of_listener() == {"tcp.idle_timeout.seconds": "350"}
    template["Listener"] = listener(ListenerAttributes=[idle])
    template["Group"]["Properties"]["HealthCheckIntervalSeconds"] = 10
    stack.update(template).succeeded()
    assert of_listener() == {"tcp.idle_timeout.seconds": "600"}

    def checked(name: str) -> dict[str, Any]:
        groups = elb.describe_target_groups(TargetGroupArns=[stack.id(name)])["TargetGroups"]
        found: dict[str, Any] = groups[0]
        return found

    plain_check, web = checked("Group"), checked("Web")
    assert (plain_check["HealthCheckProtocol"], plain_check["HealthCheckTimeoutSeconds"]) == (
        "TCP",
        10,
    )
    assert plain_check["HealthCheckIntervalSeconds"] == 10
    assert not {"HealthCheckPath", "Matcher"} & set(plain_check)
    assert (web["HealthCheckPath"], web["HealthCheckTimeoutSeconds"]) == ("/health", 6)
    assert web["Matcher"] == {"HttpCode": "200-399"}
    stack.delete()


def test_what_is_only_recorded_is_noted(aws: LocalAws) -> None:
    certificate = resource(
        "AWS::CertificateManager::Certificate",
        {"DomainName": "pool.example.com", "ValidationMethod": "DNS"},
    )
    proxied = [{"Key": "proxy_protocol_v2.enabled", "Value": "true"}]
    template = {
        **network(),
        **balancer(),
        "Certificate": certificate,
        "Group": group(TargetGroupAttributes=proxied),
        "Machines": group(TargetType="instance"),
        "Encrypted": listener(
            Port=6433, Protocol="TLS", Certificates=[{"CertificateArn": ref("Certificate")}]
        ),
        "Listener": listener("Machines"),
    }
    stack = aws.stack(template).succeeded()
    notes = {
        entry["logicalId"]: entry["note"]
        for entry in aws.ledger()
        if entry["stack"] == stack.name and "note" in entry
    }
    assert notes == {
        "Encrypted": "only recorded: nothing listens, the local AWS passes no TLS on",
        "Group": "only kept and not acted on: the header of the proxy protocol",
        "Listener": "connections are closed at once: only targets of the type ip are reached",
    }
    host = described(aws, stack)["DNSName"]
    assert (listens(host, 6433), listens(host)) == (False, True)
    stack.delete()


def made_by_the_api(aws: LocalAws, port: int) -> tuple[str, str, str]:
    """A balancer, its address and its listener, that lead to a port of this machine."""
    elb = aws.client("elbv2")
    made = elb.create_load_balancer(Name="by-hand", Type="network", Subnets=["subnet-1"])
    balancer = made["LoadBalancers"][0]
    group = elb.create_target_group(
        Name="by-hand", Protocol="TCP", Port=port, TargetType="ip", VpcId="vpc-1"
    )["TargetGroups"][0]
    assert (group["HealthCheckProtocol"], "HealthCheckPath" in group) == ("TCP", False)
    elb.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[{"Id": "127.0.0.1"}])
    listening = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Port=PORT,
        Protocol="TCP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )["Listeners"][0]
    return balancer["LoadBalancerArn"], balancer["DNSName"], listening["ListenerArn"]


def test_the_api_makes_and_deletes_them_too(aws: LocalAws) -> None:
    elb = aws.client("elbv2")
    with contextlib.closing(other_server()) as server:
        arn, host, listening = made_by_the_api(aws, server.getsockname()[1])
        assert ":loadbalancer/net/by-hand/" in arn
        assert visit(host) == 1
        elb.modify_listener(ListenerArn=listening, Port=PORT + 1)
        assert (listens(host), visit(host, PORT + 1)) == (False, 1)
        elb.delete_listener(ListenerArn=listening)
        assert not listens(host, PORT + 1)
        group = elb.describe_target_groups(Names=["by-hand"])["TargetGroups"][0]
        forward = {"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}
        elb.create_listener(
            LoadBalancerArn=arn, Port=PORT, Protocol="TCP", DefaultActions=[forward]
        )
        assert visit(host) == 1
        elb.delete_load_balancer(LoadBalancerArn=arn)
        assert not listens(host)
        assert elb.describe_listeners(LoadBalancerArn=arn)["Listeners"] == []
        elb.delete_target_group(TargetGroupArn=group["TargetGroupArn"])


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LocalAws]:
    """A local AWS for one test, which starts it."""
    local = LocalAws(tmp_path / "state", log=tmp_path / "log")
    yield local
    assert local.stop() == 0


def test_addresses_are_given_back_and_a_reset_closes_what_listens(own: LocalAws) -> None:
    aws = own.start("--address-block", f"127.79.{os.getpid() % 255}.0/29")
    for _ in range(6):  # one more than there are
        aws.stack({**network(), **balancer()}).succeeded().delete()
    with contextlib.closing(other_server()) as server:
        _, host, _ = made_by_the_api(aws, server.getsockname()[1])
        assert visit(host) == 1
        asked = urllib.request.Request(f"{aws.url}/_ministack/reset", method="POST")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.status == 200
        assert not listens(host)


def test_without_addresses_of_their_own_they_share_that_of_the_machine(own: LocalAws) -> None:
    aws = own.start()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = taken.getsockname()[1]
        template = {
            **network(),
            **balancer(),
            "Group": group(Targets=[{"Id": "127.0.0.1", "Port": busy}]),
        }
        refused = aws.stack({**template, "Listener": listener(Port=busy)})
        assert refused.status == "ROLLBACK_COMPLETE"
        (why,) = [f for f in refused.failures() if f.startswith("Listener")]
        assert f"port {busy} of 127.0.0.1 is taken by another program" in why
    with (
        contextlib.closing(other_server()) as server,
        socket.create_server(("127.0.0.1", 0)) as probe,
    ):
        port = probe.getsockname()[1]
        probe.close()
        targets = [{"Id": "127.0.0.1", "Port": server.getsockname()[1]}]
        template["Group"] = group(Targets=targets)
        stack = aws.stack({**template, "Listener": listener(Port=port)}).succeeded()
        assert described(aws, stack)["DNSName"] == "127.0.0.1"
        assert visit("127.0.0.1", port) == 1
        stack.delete()
        assert not listens("127.0.0.1", port)
