"""Groups, global clusters and subscriptions: read back as they were put."""

from __future__ import annotations

from typing import Any

import pytest
from databases import PASSWORD, cluster, described_cluster, of_cluster, subnets
from local_aws import LocalAws, att, output, ref, resource


def tags_of(aws: LocalAws, arn: str) -> dict[str, str]:
    listed = aws.client("rds").list_tags_for_resource(ResourceName=arn)["TagList"]
    return {t["Key"]: t["Value"] for t in listed if not t["Key"].startswith("aws:")}


def test_a_subnet_group_has_its_subnets(aws: LocalAws) -> None:
    template = subnets()
    template["Subnets"]["Properties"]["Tags"] = [{"Key": "team", "Value": "a"}]
    outputs = {"Arn": output(att("Subnets", "DBSubnetGroupArn"))}
    stack = aws.stack(template, Outputs=outputs).succeeded()
    rds, name = aws.client("rds"), stack.id("Subnets")

    def described() -> dict[str, Any]:
        groups = rds.describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
        found: dict[str, Any] = groups[0]
        return found

    assert described()["VpcId"] == stack.id("Vpc")
    ids = {s["SubnetIdentifier"] for s in described()["Subnets"]}
    assert ids == {stack.id("Subnet"), stack.id("Second")}
    assert stack.outputs["Arn"] == described()["DBSubnetGroupArn"]
    assert tags_of(aws, stack.outputs["Arn"]) == {"team": "a"}
    properties = template["Subnets"]["Properties"]
    properties["DBSubnetGroupDescription"] = "changed"
    properties["SubnetIds"] = [ref("Second")]
    properties["Tags"] = [{"Key": "team", "Value": "b"}]
    stack.update(template, Outputs=outputs).succeeded()
    assert described()["DBSubnetGroupDescription"] == "changed"
    assert [s["SubnetIdentifier"] for s in described()["Subnets"]] == [stack.id("Second")]
    assert tags_of(aws, stack.outputs["Arn"]) == {"team": "b"}
    stack.delete()
    with pytest.raises(rds.exceptions.DBSubnetGroupNotFoundFault):
        described()


@pytest.mark.parametrize(
    ("kind", "family", "parameters", "group"),
    [
        (
            "DBClusterParameterGroup",
            "aurora-postgresql17",
            "describe_db_cluster_parameters",
            "describe_db_cluster_parameter_groups",
        ),
        (
            "DBParameterGroup",
            "postgres17",
            "describe_db_parameters",
            "describe_db_parameter_groups",
        ),
    ],
)
def test_a_parameter_group_has_its_parameters(
    aws: LocalAws, kind: str, family: str, parameters: str, group: str
) -> None:
    def template(values: dict[str, Any]) -> dict[str, Any]:
        given = {
            "Family": family,
            "Description": "d",
            "Parameters": values,
            "Tags": [{"Key": "n", "Value": str(len(values))}],
        }
        return {"Group": resource(f"AWS::RDS::{kind}", given)}

    many = {f"custom.p{n}": n for n in range(45)}
    stack = aws.stack(template({**many, "log_connections": True})).succeeded()
    rds, name = aws.client("rds"), stack.id("Group")

    def present() -> dict[str, str]:
        found = getattr(rds, parameters)(**{f"{kind}Name": name}, Source="user")["Parameters"]
        return {p["ParameterName"]: p["ParameterValue"] for p in found}

    def described() -> dict[str, Any]:
        found: dict[str, Any] = getattr(rds, group)(**{f"{kind}Name": name})[f"{kind}s"][0]
        return found

    assert described()["DBParameterGroupFamily"] == family
    assert tags_of(aws, described()[f"{kind}Arn"]) == {"n": "46"}
    assert present() == {**{k: str(v) for k, v in many.items()}, "log_connections": "true"}
    stack.update(template({"custom.p1": "x"})).succeeded()
    assert present() == {"custom.p1": "x"}
    assert tags_of(aws, described()[f"{kind}Arn"]) == {"n": "1"}
    stack.delete()
    with pytest.raises(rds.exceptions.DBParameterGroupNotFoundFault):
        described()


def test_a_global_cluster_has_its_member_and_loses_it_with_the_stack(aws: LocalAws) -> None:
    def template(**more: Any) -> dict[str, Any]:
        given = {"GlobalClusterIdentifier": "world", "Engine": "aurora-postgresql", **more}
        member = cluster(
            ManageMasterUserPassword=False,
            MasterUserPassword=PASSWORD,
            GlobalClusterIdentifier=ref("World"),
        )
        world = resource("AWS::RDS::GlobalCluster", {**given, "EngineVersion": "17.7"})
        return subnets(World=world, Cluster=member)

    stack = aws.stack(template(DeletionProtection=True)).succeeded()
    rds = aws.client("rds")

    def described() -> dict[str, Any]:
        found = rds.describe_global_clusters(GlobalClusterIdentifier="world")["GlobalClusters"]
        first: dict[str, Any] = found[0]
        return first

    found = described()
    arn = described_cluster(aws, stack.id("Cluster"))["DBClusterArn"]
    assert [m["DBClusterArn"] for m in found["GlobalClusterMembers"]] == [arn]
    assert found["DeletionProtection"] is True
    assert of_cluster(aws, stack.id("Cluster"), password=PASSWORD).ask("SELECT 1") == [[1]]
    stack.update(template()).succeeded()
    assert described()["DeletionProtection"] is False
    stack.delete()
    with pytest.raises(rds.exceptions.GlobalClusterNotFoundFault):
        described()


def test_an_event_subscription_is_kept(aws: LocalAws) -> None:
    def template(**more: Any) -> dict[str, Any]:
        given = {"SnsTopicArn": ref("Topic"), "SourceType": "db-cluster", **more}
        return {
            "Topic": resource("AWS::SNS::Topic"),
            "Events": resource("AWS::RDS::EventSubscription", given),
        }

    stack = aws.stack(template(EventCategories=["failover", "failure"], Enabled="false"))
    rds, name = aws.client("rds"), stack.succeeded().id("Events")

    def described() -> dict[str, Any]:
        listed = rds.describe_event_subscriptions(SubscriptionName=name)
        found: dict[str, Any] = listed["EventSubscriptionsList"][0]
        return found

    found = described()
    assert found["SnsTopicArn"] == stack.id("Topic")
    assert (found["SourceType"], found["Enabled"]) == ("db-cluster", False)
    assert found["EventCategoriesList"] == ["failover", "failure"]
    tagged = template(EventCategories=["failover"])
    tagged["Events"]["Properties"]["Tags"] = [{"Key": "team", "Value": "a"}]
    stack.update(tagged).succeeded()
    found = described()
    assert (found["EventCategoriesList"], found["Enabled"]) == (["failover"], True)
    assert tags_of(aws, found["EventSubscriptionArn"]) == {"team": "a"}
    notes = [e.get("note") for e in aws.ledger() if e["physicalId"] == name]
    assert "no event of RDS is sent" in notes[-1]
    stack.delete()
    with pytest.raises(rds.exceptions.SubscriptionNotFoundFault):
        described()


@pytest.mark.parametrize("given", ["SourceDBClusterIdentifier", "UseLatestRestorableTime"])
def test_a_point_in_time_is_refused_before_anything_is_made(aws: LocalAws, given: str) -> None:
    template = subnets(Cluster=cluster(**{given: "other"}))
    cfn = aws.client("cloudformation")
    with pytest.raises(cfn.exceptions.ClientError, match="cannot be made from a point in time"):
        aws.stack(template)
