from __future__ import annotations

from typing import Any

import pytest
from databases import Database, cluster, instance, member, of_cluster, of_instance, subnets
from local_aws import LocalAws, att, output, ref, resource
from pg8000.exceptions import InterfaceError


def template(target: dict[str, Any], **more: Any) -> dict[str, Any]:
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}
    return subnets(
        Role=resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust}),
        Proxy=resource(
            "AWS::RDS::DBProxy",
            {
                "DBProxyName": "front",
                "EngineFamily": "POSTGRESQL",
                "Auth": [{"AuthScheme": "SECRETS", "SecretArn": SECRET, "IAMAuth": "DISABLED"}],
                "RoleArn": att("Role", "Arn"),
                "VpcSubnetIds": [ref("Subnet"), ref("Second")],
                "RequireTLS": "true",
                "IdleClientTimeout": "600",
                "Tags": [{"Key": "team", "Value": "a"}],
            },
        ),
        Targets=resource(
            "AWS::RDS::DBProxyTargetGroup",
            {
                "DBProxyName": ref("Proxy"),
                "TargetGroupName": "default",
                "ConnectionPoolConfigurationInfo": {"MaxConnectionsPercent": "50"},
                **target,
            },
        ),
        **more,
    )


SECRET = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:login-abcdef"


def test_a_proxy_leads_to_the_cluster_with_a_certificate_that_holds(aws: LocalAws) -> None:
    endpoint = resource(
        "AWS::RDS::DBProxyEndpoint",
        {
            "DBProxyName": ref("Proxy"),
            "DBProxyEndpointName": "reads",
            "TargetRole": "READ_ONLY",
            "VpcSubnetIds": [ref("Subnet"), ref("Second")],
        },
    )
    made = template(
        {"DBClusterIdentifiers": [ref("Cluster")]},
        Cluster=cluster(),
        Writer=member(),
        Reads=endpoint,
    )
    names = ("Endpoint", "DBProxyArn", "VpcId")
    outputs = {name: output(att("Proxy", name)) for name in names}
    outputs["Reads"] = output(att("Reads", "Endpoint"))
    stack = aws.stack(made, Outputs=outputs).succeeded()
    rds = aws.client("rds")
    proxy = rds.describe_db_proxies(DBProxyName="front")["DBProxies"][0]
    assert {name: stack.outputs[name] for name in names} == {n: proxy[n] for n in names}
    assert (proxy["RequireTLS"], proxy["IdleClientTimeout"]) == (True, 600)
    group = rds.describe_db_proxy_target_groups(DBProxyName="front")["TargetGroups"][0]
    assert group["ConnectionPoolConfig"]["MaxConnectionsPercent"] == 50
    assert stack.id("Targets") == group["TargetGroupArn"]
    (target,) = rds.describe_db_proxy_targets(DBProxyName="front")["Targets"]
    assert target["TargetHealth"]["State"] == "AVAILABLE"

    direct = of_cluster(aws, stack.id("Cluster"))
    direct.ask("CREATE TABLE t (n int)", "INSERT INTO t VALUES (9)")
    hosts = {stack.outputs["Endpoint"], stack.outputs["Reads"], direct.host}
    assert len(hosts) == 3
    for host in hosts:
        assert Database(aws, host, 5432, direct.password).ask("SELECT n FROM t") == [[9]]

    made["Proxy"]["Properties"]["IdleClientTimeout"] = "900"
    del made["Targets"]["Properties"]["ConnectionPoolConfigurationInfo"]
    stack.update(made, Outputs=outputs).succeeded()
    proxy = rds.describe_db_proxies(DBProxyName="front")["DBProxies"][0]
    assert (proxy["IdleClientTimeout"], proxy["Endpoint"]) == (900, stack.outputs["Endpoint"])
    group = rds.describe_db_proxy_target_groups(DBProxyName="front")["TargetGroups"][0]
    assert group["ConnectionPoolConfig"]["MaxConnectionsPercent"] == 100
    host = stack.outputs["Endpoint"]
    stack.delete()
    assert rds.describe_db_proxies()["DBProxies"] == []
    with pytest.raises(InterfaceError):
        Database(aws, host, 5432, direct.password).ask("SELECT 1")


def test_a_proxy_changes_its_target(aws: LocalAws) -> None:
    instances = {"First": instance(Port="6001"), "Other": instance()}
    stack = aws.stack(
        template({"DBInstanceIdentifiers": [ref("First")]}, **instances),
        Outputs={"Endpoint": output(att("Proxy", "Endpoint"))},
    ).succeeded()
    for name in ("First", "Other"):
        of_instance(aws, stack.id(name)).ask(f"CREATE TABLE only_{name} (n int)")
    # A proxy listens on the port of its engine, whatever that of its target is.
    front = of_instance(aws, stack.id("First"))
    front.host, front.port = stack.outputs["Endpoint"], 5432
    assert front.ask("SELECT count(*) FROM only_First") == [[0]]
    stack.update(
        template({"DBInstanceIdentifiers": [ref("Other")]}, **instances),
        Outputs={"Endpoint": output(att("Proxy", "Endpoint"))},
    ).succeeded()
    assert front.ask("SELECT count(*) FROM only_Other") == [[0]]
    stack.delete()
