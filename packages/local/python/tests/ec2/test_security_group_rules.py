from __future__ import annotations

from typing import Any

from local_aws import LocalAws, att, network, ref, resource


def rules(description: str = "db", port: int = 5432, **more: Any) -> dict[str, Any]:
    group = {"GroupDescription": "g", "VpcId": ref("Vpc")}
    return network(
        Db=resource("AWS::EC2::SecurityGroup", group),
        App=resource("AWS::EC2::SecurityGroup", {**group, "GroupDescription": "app"}),
        In=resource(
            "AWS::EC2::SecurityGroupIngress",
            {
                "Description": description,
                "FromPort": port,
                "GroupId": att("Db", "GroupId"),
                "IpProtocol": "tcp",
                "SourceSecurityGroupId": att("App", "GroupId"),
                "ToPort": port,
            },
        ),
        Out=resource(
            "AWS::EC2::SecurityGroupEgress",
            {
                "CidrIpv6": "::/0",
                "FromPort": "443",
                "GroupId": att("App", "GroupId"),
                "IpProtocol": "tcp",
                "ToPort": "443",
            },
        ),
        **more,
    )


def permissions(aws: LocalAws, group: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    return found


def test_rules_stand_in_their_groups_change_and_leave(aws: LocalAws) -> None:
    stack = aws.stack(rules()).succeeded()
    db, app = stack.id("Db"), stack.id("App")
    ingress = permissions(aws, db)["IpPermissions"]
    assert [(p["FromPort"], p["ToPort"]) for p in ingress] == [(5432, 5432)]
    assert ingress[0]["UserIdGroupPairs"][0]["GroupId"] == app
    egress = permissions(aws, app)["IpPermissionsEgress"]
    assert {"CidrIpv6": "::/0"} in [r for p in egress for r in p["Ipv6Ranges"]]

    before = stack.id("In")
    stack.update(rules("changed")).succeeded()
    assert stack.id("In") == before
    found = aws.ec2.describe_security_group_rules(SecurityGroupRuleIds=[before])
    assert found["SecurityGroupRules"][0]["Description"] == "changed"

    stack.update(rules("changed", port=5433)).succeeded()
    assert stack.id("In") != before
    assert [p["FromPort"] for p in permissions(aws, db)["IpPermissions"]] == [5433]

    kept = rules()
    del kept["In"], kept["Out"]
    stack.update(kept).succeeded()
    assert permissions(aws, db)["IpPermissions"] == []
    assert [p["IpProtocol"] for p in permissions(aws, app)["IpPermissionsEgress"]] == ["-1"]
    stack.delete()


def test_the_same_rule_twice_fails_as_on_aws(aws: LocalAws) -> None:
    template = rules()
    template["Twin"] = template["In"]
    stack = aws.stack(template)
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "InvalidPermission.Duplicate" in stack.failures()[0]
    stack.delete()


def test_a_rule_can_name_a_prefix_list(aws: LocalAws) -> None:
    template = rules(
        List=resource(
            "AWS::EC2::PrefixList",
            {"AddressFamily": "IPv4", "MaxEntries": 2, "PrefixListName": "offices"},
        ),
        FromList=resource(
            "AWS::EC2::SecurityGroupIngress",
            {
                "FromPort": 22,
                "GroupId": att("Db", "GroupId"),
                "IpProtocol": "tcp",
                "SourcePrefixListId": ref("List"),
                "ToPort": 22,
            },
        ),
    )
    stack = aws.stack(template).succeeded()
    found = aws.ec2.describe_security_group_rules(SecurityGroupRuleIds=[stack.id("FromList")])
    assert found["SecurityGroupRules"][0]["PrefixListId"] == stack.id("List")
    stack.delete()
