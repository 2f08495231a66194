"""Network load balancers: an address that answers, whom it leads to, and when it stops."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from fargate import describe, runs, until
from local_aws import ACCOUNT, REGION, LocalAws, Stack, att, network, output
from pools import (
    OUTPUTS,
    PORT,
    Session,
    answers,
    balancer,
    described,
    group,
    listener,
    listens,
    other_server,
    pooled,
    visit,
)


@pytest.fixture
def pool(aws: LocalAws) -> Iterator[Stack]:
    stack = aws.stack(pooled(), Outputs=OUTPUTS).succeeded()
    yield stack
    stack.delete()


def test_a_service_answers_at_the_address_and_leaves_nothing(aws: LocalAws) -> None:
    outputs = {"Name": output(att("Balancer", "LoadBalancerFullName")), **OUTPUTS}
    stack = aws.stack(pooled(), Outputs=outputs).succeeded()
    found = described(aws, stack)
    host = stack.outputs["DNSName"]
    assert host.startswith("127.78.") and found["DNSName"] == host
    pids = {visit(host) for _ in range(4)}
    assert len(pids) == 2  # in turn
    elb = aws.client("elbv2")
    health = elb.describe_target_health(TargetGroupArn=stack.id("Group"))
    states = [t["TargetHealth"]["State"] for t in health["TargetHealthDescriptions"]]
    assert states == ["healthy", "healthy"]

    arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/{stack.outputs['Name']}"
    assert stack.outputs["Name"].startswith(f"net/{found['LoadBalancerName']}/")
    assert stack.id("Balancer") == found["LoadBalancerArn"] == arn
    (listening,) = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert listening["ListenerArn"] == stack.id("Listener")
    assert ":listener/net/" in listening["ListenerArn"]
    (rule,) = elb.describe_rules(ListenerArn=listening["ListenerArn"])["Rules"]
    assert ":listener-rule/net/" in rule["RuleArn"]
    assert (found["Type"], found["SecurityGroups"]) == ("network", [stack.id("Guard")])
    assert found["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "on"
    notes = [e for e in aws.ledger() if e["stack"] == stack.name and "note" in e]
    assert notes == []

    stack.delete()
    assert not listens(host)
    assert not any(runs(pid) for pid in pids)


def test_a_target_that_dies_is_passed_over(aws: LocalAws, pool: Stack) -> None:
    host = pool.outputs["DNSName"]
    first = Session(host)
    os.kill(first.pid, signal.SIGKILL)
    assert first.rest() == ""  # its connection ends with it
    until(lambda: not runs(first.pid))  # until then it may still be connected to
    others = {visit(host) for _ in range(6)}
    assert first.pid not in others
    until(lambda: describe(aws, pool)["runningCount"] == 2)
    until(lambda: len({visit(host) for _ in range(4)}) == 2)


def test_a_target_that_refuses_is_passed_over_before_its_check_says_so(aws: LocalAws) -> None:
    # A target is known by its address: two of one machine need two.
    stays, goes = other_server(), other_server("127.0.0.2")
    with contextlib.closing(stays), contextlib.closing(goes):
        names = [server.getsockname() for server in (stays, goes)]
        targets = [{"Id": host, "Port": port} for host, port in names]
        template = {
            **network(),
            **balancer(),
            "Group": group(Targets=targets),
            "Listener": listener(),
        }
        stack = aws.stack(template, Outputs=OUTPUTS).succeeded()
        elb, arn = aws.client("elbv2"), stack.id("Group")

        def healthy() -> int:
            found = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
            return [t["TargetHealth"]["State"] for t in found].count("healthy")

        until(lambda: healthy() == 2)
        goes.shutdown(socket.SHUT_RDWR)
        goes.close()
        assert [visit(stack.outputs["DNSName"]) for _ in range(4)] == [1] * 4
        stack.delete()


def test_what_a_client_says_to_the_end_is_answered_to_the_end(pool: Stack) -> None:
    session = Session(pool.outputs["DNSName"])
    text = "x" * 300_000
    session.socket.sendall(text.encode())
    session.socket.shutdown(socket.SHUT_WR)
    assert session.rest() == f"{text}end of {text}"
    session.close()


def test_an_update_refuses_nobody_and_ends_no_connection(aws: LocalAws, pool: Stack) -> None:
    host = pool.outputs["DNSName"]
    held = [Session(host), Session(host)]
    seen: list[str] = []
    failures: list[OSError] = []
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            try:
                with contextlib.closing(Session(host)) as session:
                    seen.append(session.version)
            except OSError as error:
                failures.append(error)
            time.sleep(0.01)

    visitor = threading.Thread(target=come_and_go)
    visitor.start()
    pool.update(pooled("2"), Outputs=OUTPUTS).succeeded()
    begun = len(seen)
    until(lambda: len(seen) > begun + 10)
    done.set()
    visitor.join()
    assert failures == []
    assert seen[0] == "1"
    # those of before drain: nobody new comes to them, and who is there stays
    assert set(seen[begun + 1 :]) == {"2"}
    states = aws.client("elbv2").describe_target_health(TargetGroupArn=pool.id("Group"))
    health = [t["TargetHealth"]["State"] for t in states["TargetHealthDescriptions"]]
    assert sorted(health) == ["draining", "draining", "healthy", "healthy"]
    assert [session.say("still there") for session in held] == ["still there"] * 2
    for session in held:
        session.close()
    until(lambda: not any(runs(session.pid) for session in held))


def test_a_listener_changes_its_group_and_its_port_and_goes(aws: LocalAws, pool: Stack) -> None:
    host = pool.outputs["DNSName"]
    with contextlib.closing(other_server()) as server:
        other = group(Targets=[{"Id": "127.0.0.1", "Port": server.getsockname()[1]}])
        pool.update(pooled(Other=other, Listener=listener("Other")), Outputs=OUTPUTS).succeeded()
        assert {visit(host) for _ in range(3)} == {1}
        moved = listener("Group", Port=PORT + 1)
        pool.update(pooled(Other=other, Listener=moved), Outputs=OUTPUTS).succeeded()
        assert not listens(host)
        until(lambda: answers(host, PORT + 1))  # its targets were not checked in between
        more = {"Second": listener("Other"), "Listener": moved}
        pool.update(pooled(Other=other, **more), Outputs=OUTPUTS).succeeded()
        assert visit(host) == 1
        held = Session(host, PORT + 1)
        template = pooled(Other=other, Second=more["Second"])
        del template["Listener"]
        template["Service"]["DependsOn"] = ["Second"]
        pool.update(template, Outputs=OUTPUTS).succeeded()
        assert not listens(host, PORT + 1)
        assert held.rest() == ""
        assert listens(host)


def test_nobody_to_lead_to_closes_the_connection_at_once(aws: LocalAws) -> None:
    template = {**network(), **balancer(), "Group": group(), "Listener": listener()}
    stack = aws.stack(template, Outputs=OUTPUTS).succeeded()
    host = stack.outputs["DNSName"]
    begun = time.monotonic()
    with pytest.raises(ConnectionError):
        Session(host)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    aws.client("elbv2").register_targets(
        TargetGroupArn=stack.id("Group"), Targets=[{"Id": "127.0.0.1", "Port": port}]
    )
    with pytest.raises(ConnectionError):
        Session(host)
    assert time.monotonic() - begun < 2
    stack.delete()
