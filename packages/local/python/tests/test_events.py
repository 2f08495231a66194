"""Fault 9: an update speaks of what it changed, and of nothing else."""

from __future__ import annotations

from typing import Any

from local_aws import LocalAws, Stack, network, ref, resource, tag


def since(stack: Stack, count: int) -> list[tuple[str, str]]:
    return [(e["LogicalResourceId"], e["ResourceStatus"]) for e in stack.events()[count:]]


def template(name: str = "one", **more: Any) -> dict[str, Any]:
    acl = resource("AWS::EC2::NetworkAcl", {"VpcId": ref("Vpc"), "Tags": tag(name)})
    return network(Acl=acl, Queue=resource("AWS::SQS::Queue"), **more)


def test_an_update_tells_of_the_changed_the_new_and_the_removed(aws: LocalAws) -> None:
    stack = aws.stack(template(Old=resource("AWS::EC2::EIP", {"Domain": "vpc"}))).succeeded()
    count = len(stack.events())
    changed = template("two", New=resource("AWS::EC2::EIP", {"Domain": "vpc"}))
    stack.update(changed).succeeded()
    told = since(stack, count)
    assert ("Acl", "UPDATE_IN_PROGRESS") in told
    assert ("Acl", "UPDATE_COMPLETE") in told
    assert ("New", "CREATE_IN_PROGRESS") in told
    assert ("New", "CREATE_COMPLETE") in told
    assert ("Old", "DELETE_IN_PROGRESS") in told
    assert ("Old", "DELETE_COMPLETE") in told
    assert {name for name, _ in told} == {"Acl", "New", "Old", stack.name}
    assert stack.resource_status("Vpc") == "CREATE_COMPLETE"
    assert stack.resource_status("New") == "CREATE_COMPLETE"
    assert stack.resource_status("Acl") == "UPDATE_COMPLETE"
    stack.delete()


def test_an_untouched_resource_is_not_called(aws: LocalAws) -> None:
    stack = aws.stack(template()).succeeded()
    count = len(aws.ledger())
    stack.update(template("two")).succeeded()
    assert [(e["logicalId"], e["action"]) for e in aws.ledger()[count:]] == [("Acl", "update")]
    stack.delete()


def test_a_replacement_is_told_and_recorded_as_one(aws: LocalAws) -> None:
    def flow(traffic: str) -> dict[str, Any]:
        properties = {"LogGroupName": "g", "ResourceId": ref("Vpc"), "ResourceType": "VPC"}
        properties |= {"DeliverLogsPermissionArn": "r", "TrafficType": traffic}
        return network(Flow=resource("AWS::EC2::FlowLog", properties))

    stack = aws.stack(flow("ALL")).succeeded()
    before, count, entries = stack.id("Flow"), len(stack.events()), len(aws.ledger())
    stack.update(flow("REJECT")).succeeded()
    reasons = [e.get("ResourceStatusReason", "") for e in stack.events()[count:]]
    assert any("requires the creation of a new physical resource" in reason for reason in reasons)
    told = [(e["action"], e["physicalId"]) for e in aws.ledger()[entries:]]
    assert told == [("replace", stack.id("Flow")), ("delete", before)]
    stack.delete()


def test_a_failing_new_resource_fails_to_create_and_not_to_update(aws: LocalAws) -> None:
    stack = aws.stack(template()).succeeded()
    count = len(stack.events())
    broken = resource("AWS::EC2::NatGateway", {"SubnetId": "subnet-no", "AllocationId": "x"})
    stack.update(template(Broken=broken))
    assert ("Broken", "CREATE_FAILED") in since(stack, count)
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    stack.delete()


def test_the_same_template_again_is_no_update(aws: LocalAws) -> None:
    stack = aws.stack(template()).succeeded()
    try:
        stack.update(template())
    except Exception as error:
        assert "No updates are to be performed" in str(error)
    else:
        raise AssertionError("an unchanged template was deployed again")
    stack.delete()
