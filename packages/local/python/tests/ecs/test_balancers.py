"""Load balancers: which URL means which listener, what a target gets, what is read back."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from fargate import HOST, ask, balanced, container, definition, describe, until
from local_aws import ACCOUNT, REGION, LocalAws, Stack, network, ref, resource

LB = "AWS::ElasticLoadBalancingV2::"


@pytest.fixture(scope="module")
def shop(aws: LocalAws) -> Iterator[Stack]:
    stack = aws.stack(balanced(definition(container()), DesiredCount=2)).succeeded()
    yield stack
    stack.delete()


def balancer(aws: LocalAws, stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("elbv2").describe_load_balancers(
        LoadBalancerArns=[stack.id("Balancer")]
    )["LoadBalancers"][0]
    return found


def test_a_target_gets_the_request_as_it_was_sent(aws: LocalAws, shop: Stack) -> None:
    path = "/a%20b/%2F?x=1&x=2&y="
    answer = ask(aws, path, method="POST", body=b'{"a": 1}', Cookie="s=1", X_Own="yes").json()
    assert (answer["method"], answer["url"], answer["body"]) == ("POST", path, '{"a": 1}')
    headers = answer["headers"]
    assert headers["host"] == "api.example.com"
    assert (headers["x-forwarded-proto"], headers["x-forwarded-port"]) == ("https", "443")
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert (headers["cookie"], headers["x-own"]) == ("s=1", "yes")
    assert headers["x-amzn-trace-id"].startswith("Root=1-")


def test_requests_go_round(aws: LocalAws, shop: Stack) -> None:
    assert len({ask(aws).json()["pid"] for _ in range(4)}) == 2


def test_each_kind_of_name_means_the_https_listener(aws: LocalAws, shop: Stack) -> None:
    found = balancer(aws, shop)
    assert ask(aws, host=HOST).status == 200
    assert ask(aws, host="api.example.com").status == 200
    # These are not the host that the rule wants: the listener's own answer.
    assert ask(aws, host=found["DNSName"]).status == 404
    assert ask(aws, host=f"{found['LoadBalancerName']}.alb.localhost").status == 404
    assert ask(aws, host=f"443.{HOST}").status == 200


def test_a_number_means_the_listener_on_that_port_and_its_redirect_leads_back(
    aws: LocalAws, shop: Stack
) -> None:
    answer = ask(aws, "/a?b=1", host=f"80.{HOST}")
    assert answer.status == 301
    assert answer.headers["location"] == f"http://{HOST}:{aws.port}/a?b=1"
    assert answer.headers["x-groundplan-location"] == "https://api.example.com:443/a?b=1"


def test_what_no_rule_names_is_not_a_load_balancer(aws: LocalAws, shop: Stack) -> None:
    assert "server" not in ask(aws, host="other.example.com.localhost").headers
    assert ask(aws, "/_groundplan/health", host="localhost").json()["status"] == "ready"


def test_a_target_that_dies_within_a_request_is_a_502_and_nobody_elses(
    aws: LocalAws, shop: Stack
) -> None:
    assert ask(aws, "/die").status == 502
    for _ in range(6):
        assert ask(aws).status == 200
    until(lambda: describe(aws, shop)["runningCount"] == 2)


def test_a_client_that_goes_away_takes_nothing_with_it(aws: LocalAws, shop: Stack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", aws.port, timeout=5)
    connection.request("GET", "/slow?ms=1500", headers={"Host": HOST})
    connection.close()
    assert ask(aws).status == 200


def test_head_has_no_body(aws: LocalAws, shop: Stack) -> None:
    answer = ask(aws, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


def test_a_certificate_with_dns_validation_is_issued_at_once(aws: LocalAws, shop: Stack) -> None:
    arn = shop.id("Certificate")
    found = aws.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    assert (found["Status"], found["DomainName"]) == ("ISSUED", "api.example.com")


def test_attributes_are_read_back_over_the_defaults(aws: LocalAws, shop: Stack) -> None:
    elb = aws.client("elbv2")
    group = elb.describe_target_group_attributes(TargetGroupArn=shop.id("Group"))["Attributes"]
    values = {a["Key"]: a["Value"] for a in group}
    assert values["deregistration_delay.timeout_seconds"] == "10"
    assert values["load_balancing.algorithm.type"] == "round_robin"
    attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=shop.id("Balancer"))
    values = {a["Key"]: a["Value"] for a in attributes["Attributes"]}
    assert values["routing.http2.enabled"] == "true"
    assert values["idle_timeout.timeout_seconds"] == "60"
    described = elb.describe_target_groups(TargetGroupArns=[shop.id("Group")])["TargetGroups"][0]
    assert described["ProtocolVersion"] == "HTTP1"
    assert described["LoadBalancerArns"] == [shop.id("Balancer")]
    zones = balancer(aws, shop)["AvailabilityZones"]
    assert [zone["ZoneName"] for zone in zones] == [f"{REGION}b"]


def subnets() -> dict[str, Any]:
    return network(
        Other=resource(
            "AWS::EC2::Subnet",
            {"VpcId": ref("Vpc"), "CidrBlock": "10.9.2.0/24", "AvailabilityZone": f"{REGION}a"},
        )
    )


def balancers(**attributes: str) -> dict[str, Any]:
    return {
        **subnets(),
        "Balancer": resource(
            f"{LB}LoadBalancer",
            {
                "SubnetMappings": [{"SubnetId": ref("Subnet")}, {"SubnetId": ref("Other")}],
                "LoadBalancerAttributes": [
                    {"Key": key.replace("__", "."), "Value": value}
                    for key, value in attributes.items()
                ],
            },
        ),
    }


def test_deletion_protection_protects(aws: LocalAws) -> None:
    stack = aws.stack(balancers(deletion_protection__enabled="true")).succeeded()
    assert {z["ZoneName"] for z in balancer(aws, stack)["AvailabilityZones"]} == {
        f"{REGION}a",
        f"{REGION}b",
    }
    with pytest.raises(AssertionError, match="deletion protection is enabled"):
        stack.delete()
    aws.client("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=stack.id("Balancer"),
        Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}],
    )
    stack.delete()


def listener(*groups: tuple[str, int], **more: Any) -> dict[str, Any]:
    weighted = [{"TargetGroupArn": ref(name), "Weight": weight} for name, weight in groups]
    forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": weighted}}
    return resource(
        f"{LB}Listener",
        {
            "LoadBalancerArn": ref("Balancer"),
            "Port": 80,
            "Protocol": "HTTP",
            "DefaultActions": [forward],
            **more,
        },
    )


def group(**more: Any) -> dict[str, Any]:
    given = {"Port": 80, "Protocol": "HTTP", "TargetType": "ip", "VpcId": ref("Vpc"), **more}
    return resource(f"{LB}TargetGroup", given)


@pytest.fixture
def target() -> Iterator[int]:
    """A server that is well and says so; its port."""

    class Well(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"well")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Well)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


def test_weights_are_read_back_and_followed(aws: LocalAws, target: int) -> None:
    template = {
        **balancers(),
        "One": group(Targets=[{"Id": "127.0.0.1", "Port": target}]),
        "Two": group(),
        "Listener": listener(("One", 1), ("Two", 0)),
    }
    stack = aws.stack(template).succeeded()
    elb = aws.client("elbv2")
    found = elb.describe_listeners(LoadBalancerArn=stack.id("Balancer"))["Listeners"][0]
    weighted = found["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert [g["Weight"] for g in weighted] == [1, 0]
    arn = stack.id("One")
    until(
        lambda: (
            elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"][0][
                "TargetHealth"
            ]["State"]
            == "healthy"
        )
    )
    host = f"{balancer(aws, stack)['LoadBalancerName']}.alb.localhost"
    # A path of the local AWS itself is the target's all the same.
    assert ask(aws, "/_groundplan/health", host=host).body == b"well"

    template["Listener"] = listener(("One", 0), ("Two", 1))
    stack.update(template).succeeded()
    assert ask(aws, host=host).status == 503
    del template["One"]["Properties"]["Targets"]
    stack.update(template).succeeded()
    assert elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"] == []
    stack.delete()


def test_a_target_is_ill_by_the_codes_that_the_group_wants(aws: LocalAws) -> None:
    sick = group(
        Targets=[{"Id": "127.0.0.1", "Port": aws.port}],
        HealthCheckPath="/_groundplan/health",
        Matcher={"HttpCode": "204,300-399"},
        HealthCheckIntervalSeconds=5,
        UnhealthyThresholdCount=2,
    )
    stack = aws.stack({**balancers(), "One": sick, "Listener": listener(("One", 1))}).succeeded()
    elb, arn = aws.client("elbv2"), stack.id("One")

    def health() -> dict[str, str]:
        described = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        found: dict[str, str] = described[0]["TargetHealth"]
        return found

    assert health()["State"] == "initial"
    changed = {**sick, "Properties": {**sick["Properties"], "Matcher": {"HttpCode": "200"}}}
    template = {**balancers(), "One": changed, "Listener": listener(("One", 1))}
    stack.update(template).succeeded()
    until(lambda: health()["State"] == "healthy")
    stack.update({**template, "One": sick}).succeeded()
    until(lambda: health()["State"] == "unhealthy")
    assert health()["Reason"] == "Target.ResponseCodeMismatch"
    assert stack.id("One") == arn
    stack.delete()


def certificate(name: str) -> dict[str, Any]:
    return resource(
        "AWS::CertificateManager::Certificate", {"DomainName": name, "ValidationMethod": "DNS"}
    )


def test_more_certificates_of_a_listener_come_and_go(aws: LocalAws) -> None:
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
    template = {
        **balancers(),
        "First": certificate("a.example.com"),
        "Second": certificate("b.example.com"),
        "Third": certificate("c.example.com"),
        "Listener": listener(
            Protocol="HTTPS",
            Port=443,
            Certificates=[{"CertificateArn": ref("First")}],
            DefaultActions=[fixed],
            ListenerAttributes=[{"Key": "routing.http.response.server.enabled", "Value": "false"}],
        ),
        "More": resource(
            f"{LB}ListenerCertificate",
            {
                "ListenerArn": ref("Listener"),
                "Certificates": [{"CertificateArn": ref("Second")}],
            },
        ),
    }
    stack = aws.stack(template).succeeded()
    elb, arn = aws.client("elbv2"), stack.id("Listener")

    def certificates() -> list[tuple[str, bool]]:
        described = elb.describe_listener_certificates(ListenerArn=arn)["Certificates"]
        return [(c["CertificateArn"], c["IsDefault"]) for c in described]

    assert certificates() == [(stack.id("First"), True), (stack.id("Second"), False)]
    host = f"{balancer(aws, stack)['LoadBalancerName']}.alb.localhost"
    assert "server" not in ask(aws, host=host).headers
    template["More"]["Properties"]["Certificates"] = [{"CertificateArn": ref("Third")}]
    stack.update(template).succeeded()
    assert certificates()[1:] == [(stack.id("Third"), False)]
    del template["More"]
    stack.update(template).succeeded()
    assert certificates() == [(stack.id("First"), True)]
    stack.delete()
    assert ACCOUNT in arn
