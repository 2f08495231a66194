from __future__ import annotations

from typing import Any

from local_aws import LocalAws, att, filters, network, output, ref, resource, tag, tag_of


def guarded(name: str = "acl", port: int = 5432, guard: bool = True) -> dict[str, Any]:
    entry = {"NetworkAclId": ref("Acl"), "RuleAction": "allow"}
    association = {"NetworkAclId": ref("Acl"), "SubnetId": ref("Subnet")}
    return network(
        Acl=resource("AWS::EC2::NetworkAcl", {"VpcId": ref("Vpc"), "Tags": tag(name)}),
        Tcp=resource(
            "AWS::EC2::NetworkAclEntry",
            {
                **entry,
                "CidrBlock": "10.9.0.0/16",
                "PortRange": {"From": port, "To": port},
                "Protocol": 6,
                "RuleNumber": 100,
            },
        ),
        Ping=resource(
            "AWS::EC2::NetworkAclEntry",
            {
                **entry,
                "Egress": True,
                "Icmp": {"Code": -1, "Type": 8},
                "Ipv6CidrBlock": "::/0",
                "Protocol": 58,
                "RuleNumber": 110,
            },
        ),
        **(
            {"Guard": resource("AWS::EC2::SubnetNetworkAclAssociation", association)}
            if guard
            else {}
        ),
    )


def entries(acl: dict[str, Any]) -> dict[tuple[int, bool], dict[str, Any]]:
    return {(e["RuleNumber"], e["Egress"]): e for e in acl["Entries"]}


def guard_of(aws: LocalAws, subnet: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = aws.ec2.describe_network_acls(
        Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["NetworkAcls"]
    assert len(found) == 1
    return found[0]


def test_an_acl_guards_its_subnet_with_the_ports_it_was_given(aws: LocalAws) -> None:
    outputs = {"Guard": output(att("Guard", "AssociationId"))}
    stack = aws.stack(guarded(), Outputs=outputs).succeeded()
    acl = guard_of(aws, stack.id("Subnet"))
    assert acl["NetworkAclId"] == stack.id("Acl")
    association = next(a for a in acl["Associations"] if a["SubnetId"] == stack.id("Subnet"))
    assert association["NetworkAclAssociationId"] == stack.outputs["Guard"]
    rules = entries(acl)
    assert rules[100, False]["PortRange"] == {"From": 5432, "To": 5432}
    assert rules[110, True]["IcmpTypeCode"] == {"Code": -1, "Type": 8}
    assert rules[32767, False]["RuleAction"] == "deny"

    stack.update(guarded("renamed", port=5433), Outputs=outputs).succeeded()
    acl = guard_of(aws, stack.id("Subnet"))
    assert tag_of(acl) == "renamed"
    assert entries(acl)[100, False]["PortRange"] == {"From": 5433, "To": 5433}

    stack.update(guarded("renamed", guard=False)).succeeded()
    assert guard_of(aws, stack.id("Subnet"))["IsDefault"]
    identifier = stack.id("Acl")
    stack.delete()
    held = aws.ec2.describe_network_acls()["NetworkAcls"]
    assert identifier not in [a["NetworkAclId"] for a in held]


def test_removing_an_entry_closes_the_port(aws: LocalAws) -> None:
    stack = aws.stack(guarded()).succeeded()
    without = guarded()
    del without["Tcp"]
    stack.update(without).succeeded()
    assert (100, False) not in entries(guard_of(aws, stack.id("Subnet")))
    stack.delete()


def test_a_subnet_moves_from_one_acl_to_another(aws: LocalAws) -> None:
    stack = aws.stack(guarded()).succeeded()
    moved = guarded()
    moved["Second"] = resource("AWS::EC2::NetworkAcl", {"VpcId": ref("Vpc")})
    moved["Guard"]["Properties"]["NetworkAclId"] = ref("Second")
    stack.update(moved).succeeded()
    assert guard_of(aws, stack.id("Subnet"))["NetworkAclId"] == stack.id("Second")
    stack.delete()


def test_a_new_subnet_is_guarded_by_the_default_acl(aws: LocalAws) -> None:
    stack = aws.stack(network()).succeeded()
    default = aws.ec2.describe_network_acls(Filters=filters(vpc_id=stack.id("Vpc"), default="true"))
    assert default["NetworkAcls"][0]["Associations"][0]["SubnetId"] == stack.id("Subnet")
    stack.delete()
