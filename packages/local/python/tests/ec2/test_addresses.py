from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from local_aws import LocalAws, att, output, ref, resource, tag, tag_of


def address(name: str, **more: str) -> dict[str, object]:
    return {"Ip": resource("AWS::EC2::EIP", {"Domain": "vpc", "Tags": tag(name), **more})}


OUTPUTS = {"Ref": output(ref("Ip")), "Allocation": output(att("Ip", "AllocationId"))}


def test_an_address_is_allocated_retagged_in_place_and_released(aws: LocalAws) -> None:
    stack = aws.stack(address("one"), Outputs=OUTPUTS).succeeded()
    allocation = stack.outputs["Allocation"]
    found = aws.ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]
    assert found["PublicIp"] == stack.outputs["Ref"]
    assert tag_of(found) == "one"
    assert tag_of(found, "aws:cloudformation:logical-id") == "Ip"

    stack.update(address("two"), Outputs=OUTPUTS).succeeded()
    assert stack.outputs["Allocation"] == allocation
    found = aws.ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]
    assert tag_of(found) == "two"

    stack.delete()
    assert allocation not in [a["AllocationId"] for a in aws.ec2.describe_addresses()["Addresses"]]
    with pytest.raises(ClientError, match=r"InvalidAddress\.NotFound"):
        aws.ec2.describe_addresses(PublicIps=[found["PublicIp"]])


def test_a_create_only_change_replaces_the_address(aws: LocalAws) -> None:
    stack = aws.stack(address("one"), Outputs=OUTPUTS).succeeded()
    before = stack.outputs["Allocation"]
    stack.update(address("one", NetworkBorderGroup="eu-central-1"), Outputs=OUTPUTS).succeeded()
    after = stack.outputs["Allocation"]
    held = [a["AllocationId"] for a in aws.ec2.describe_addresses()["Addresses"]]
    assert after in held
    assert before not in held
    stack.delete()


def test_an_unknown_filter_is_an_error_and_not_ignored(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="The filter 'no-such' is invalid"):
        aws.ec2.describe_addresses(Filters=[{"Name": "no-such", "Values": ["x"]}])
