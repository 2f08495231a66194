from __future__ import annotations

from typing import Any

import pytest
from databases import (
    PASSWORD,
    Database,
    cluster,
    clusters,
    described_cluster,
    described_instance,
    member,
    note_of,
    of_cluster,
    secret_of,
    subnets,
)
from local_aws import LocalAws, Stack, att, output, ref, resource
from pg8000.exceptions import DatabaseError, InterfaceError


def test_a_cluster_is_a_postgresql_that_its_managed_secret_opens(aws: LocalAws) -> None:
    logged = cluster(
        EnableCloudwatchLogsExports=["postgresql"],
        BackupRetentionPeriod="7",
        DatabaseInsightsMode="standard",
        ServerlessV2ScalingConfiguration={
            "MinCapacity": 0,
            "MaxCapacity": 4,
            "SecondsUntilAutoPause": 300,
        },
        Tags=[{"Key": "team", "Value": "a"}],
    )
    template = subnets(Cluster=logged, Writer=member(), Reader=member(PromotionTier=2))
    template["Reader"]["DependsOn"] = "Writer"
    outputs = {
        name.replace(".", ""): output(att("Cluster", name))
        for name in (
            "Endpoint.Address",
            "Endpoint.Port",
            "ReadEndpoint.Address",
            "DBClusterArn",
            "DBClusterResourceId",
            "MasterUserSecret.SecretArn",
        )
    }
    stack = aws.stack(template, Outputs=outputs).succeeded()
    name = stack.id("Cluster")
    found = described_cluster(aws, name)
    assert stack.outputs == {
        "EndpointAddress": found["Endpoint"],
        "EndpointPort": "5432",
        "ReadEndpointAddress": found["ReaderEndpoint"],
        "DBClusterArn": found["DBClusterArn"],
        "DBClusterResourceId": found["DbClusterResourceId"],
        "MasterUserSecretSecretArn": found["MasterUserSecret"]["SecretArn"],
    }
    assert found["BackupRetentionPeriod"] == 7
    assert found["DatabaseInsightsMode"] == "standard"
    assert found["DBClusterParameterGroup"] == "default.aurora-postgresql17"
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert found["ServerlessV2ScalingConfiguration"]["SecondsUntilAutoPause"] == 300
    assert {tag["Key"]: tag["Value"] for tag in found["TagList"]}["team"] == "a"
    writers = {m["DBInstanceIdentifier"]: m["IsClusterWriter"] for m in found["DBClusterMembers"]}
    assert writers == {stack.id("Writer"): True, stack.id("Reader"): False}
    assert "capacity and auto-pause" in note_of(aws, name)
    assert "shares the server" in note_of(aws, stack.id("Reader"))

    database = of_cluster(aws, name)
    database.ask("CREATE TABLE entries (words text)", "INSERT INTO entries VALUES ('hello')")
    assert database.ask("SELECT current_user, words FROM entries") == [["postgres", "hello"]]
    reader = described_instance(aws, stack.id("Reader"))
    assert reader["DBSubnetGroup"]["DBSubnetGroupName"] == stack.id("Subnets")
    there = Database(aws, reader["Endpoint"]["Address"], 5432, database.password)
    assert there.ask("SELECT words FROM entries") == [["hello"]]
    with pytest.raises(DatabaseError, match="no encryption"):
        Database(aws, database.host, 5432, database.password, tls=False).ask("SELECT 1")

    logs = aws.client("logs").filter_log_events(
        logGroupName=f"/aws/rds/cluster/{name}/postgresql",
        filterPattern='"ready to accept connections"',
    )
    assert len(logs["events"]) == 1
    stack.delete()
    assert name not in [c["DBClusterIdentifier"] for c in clusters(aws)]
    with pytest.raises(InterfaceError):
        database.ask("SELECT 1")


def test_a_master_password_is_the_one_of_a_secret_and_follows_it(aws: LocalAws) -> None:
    secret = resource(
        "AWS::SecretsManager::Secret",
        {"SecretString": f'{{"username": "clerk", "password": "{PASSWORD}"}}'},
    )
    resolved = {"Fn::Join": ["", ["{{resolve:secretsmanager:", ref("Login"), ":SecretString:"]]}

    def template(**more: Any) -> dict[str, Any]:
        login = {
            "ManageMasterUserPassword": False,
            "MasterUsername": {"Fn::Join": ["", [resolved, "username::}}"]]},
            "MasterUserPassword": {"Fn::Join": ["", [resolved, "password::}}"]]},
        }
        return subnets(Login=secret, Cluster=cluster(**{**login, **more}))

    stack = aws.stack(template()).succeeded()
    name = stack.id("Cluster")
    clerk = of_cluster(aws, name, password=PASSWORD, user="clerk")
    assert clerk.ask("SELECT current_user") == [["clerk"]]

    stack.update(template(MasterUserPassword="another-long-one", DeletionProtection=True))
    stack.succeeded()
    assert described_cluster(aws, name)["DeletionProtection"] is True
    with pytest.raises(DatabaseError, match="password authentication failed"):
        clerk.ask("SELECT 1")
    clerk.password = "another-long-one"
    assert clerk.ask("SELECT 1") == [[1]]

    rds = aws.client("rds")
    with pytest.raises(rds.exceptions.ClientError, match="disable deletion protection"):
        rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    stack.update(template(MasterUserPassword="another-long-one")).succeeded()
    assert described_cluster(aws, name)["DeletionProtection"] is False
    stack.delete()


def test_parameters_reach_the_server_and_their_change_does(aws: LocalAws) -> None:
    def template(**parameters: Any) -> dict[str, Any]:
        group = resource(
            "AWS::RDS::DBClusterParameterGroup",
            {"Family": "aurora-postgresql17", "Description": "d", "Parameters": parameters},
        )
        made = cluster(DBClusterParameterGroupName=ref("Group"))
        return subnets(Group=group, Cluster=made, Writer=member())

    given = {
        "idle_in_transaction_session_timeout": 7000,
        "log_statement": "ddl",
        "rds.force_ssl": 0,
        "rds.logical_replication": "1",
        "shared_buffers": "{DBInstanceClassMemory/32768}",
        "shared_preload_libraries": "pg_stat_statements,apg_plan_mgmt",
    }
    stack = aws.stack(template(**given)).succeeded()
    name = stack.id("Cluster")
    assert described_cluster(aws, name)["DBClusterParameterGroup"] == stack.id("Group")
    database = of_cluster(aws, name, tls=False)
    assert database.ask("SHOW log_statement") == [["ddl"]]
    assert database.ask("SHOW idle_in_transaction_session_timeout") == [["7s"]]
    assert database.ask("SHOW shared_preload_libraries") == [["pg_stat_statements"]]
    for left_out in ("rds.logical_replication", "shared_buffers", "apg_plan_mgmt"):
        assert left_out in note_of(aws, name)

    stack.update(template(log_statement="all")).succeeded()
    with pytest.raises(DatabaseError, match="no encryption"):
        database.ask("SELECT 1")
    database.tls = True
    assert database.ask("SHOW log_statement") == [["all"]]
    assert database.ask("SHOW idle_in_transaction_session_timeout") == [["0"]]

    stack.update(template(log_statement="everything"))
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any('invalid value for parameter "log_statement"' in f for f in stack.failures())
    assert database.ask("SHOW log_statement") == [["all"]]
    stack.delete()


def test_a_multi_az_cluster_has_its_own_three_members(aws: LocalAws) -> None:
    made = cluster(
        Engine="postgres",
        EngineVersion="16.9",
        DBClusterInstanceClass="db.m6gd.large",
        AllocatedStorage=100,
        StorageType="io1",
        Iops=1000,
        PubliclyAccessible=False,
        ServerlessV2ScalingConfiguration=None,
    )
    del made["Properties"]["ServerlessV2ScalingConfiguration"]
    stack = aws.stack(subnets(Cluster=made)).succeeded()
    name = stack.id("Cluster")
    found = described_cluster(aws, name)
    members = [m["DBInstanceIdentifier"] for m in found["DBClusterMembers"]]
    assert members == [f"{name}-instance-{n}" for n in (1, 2, 3)]
    assert (found["DBClusterInstanceClass"], found["Iops"]) == ("db.m6gd.large", 1000)
    assert described_instance(aws, members[2])["DBInstanceClass"] == "db.m6gd.large"
    assert of_cluster(aws, name).ask("SELECT 1") == [[1]]
    assert "PostgreSQL 17.10 stands in for 16.9" in note_of(aws, name)

    rds = aws.client("rds")
    rds.failover_db_cluster(DBClusterIdentifier=name, TargetDBInstanceIdentifier=members[1])
    after = described_cluster(aws, name)["DBClusterMembers"]
    assert [m["IsClusterWriter"] for m in after] == [False, True, False]
    stack.delete()
    left = [i["DBInstanceIdentifier"] for i in rds.describe_db_instances()["DBInstances"]]
    assert not set(members) & set(left)


def test_a_stopped_cluster_answers_again_when_it_is_started(aws: LocalAws) -> None:
    group = resource(
        "AWS::RDS::DBClusterParameterGroup",
        {"Family": "aurora-postgresql17", "Description": "d", "Parameters": {}},
    )
    made = cluster(DBClusterParameterGroupName=ref("Group"))
    stack = aws.stack(subnets(Group=group, Cluster=made, Writer=member())).succeeded()
    name = stack.id("Cluster")
    database = of_cluster(aws, name)
    database.ask("CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
    rds = aws.client("rds")
    rds.stop_db_cluster(DBClusterIdentifier=name)
    assert described_cluster(aws, name)["Status"] == "stopped"
    with pytest.raises(InterfaceError):
        database.ask("SELECT 1")
    # What changes meanwhile waits for the start.
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=stack.id("Group"),
        Parameters=[
            {
                "ParameterName": "log_statement",
                "ParameterValue": "mod",
                "ApplyMethod": "immediate",
            }
        ],
    )
    with pytest.raises(InterfaceError):
        database.ask("SELECT 1")
    rds.start_db_cluster(DBClusterIdentifier=name)
    assert database.ask("SHOW log_statement") == [["mod"]]
    assert described_cluster(aws, name)["Status"] == "available"
    assert database.ask("SELECT n FROM kept") == [[7]]
    rds.reboot_db_instance(DBInstanceIdentifier=stack.id("Writer"))
    assert database.ask("SELECT n FROM kept") == [[7]]
    stack.delete()


def test_roles_and_log_exports_are_switched_on_and_off(aws: LocalAws) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}
    role = resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust})

    def template(**more: Any) -> dict[str, Any]:
        return subnets(Role=role, Cluster=cluster(**more))

    roles = [{"RoleArn": att("Role", "Arn"), "FeatureName": "s3Import"}]
    stack = aws.stack(template(AssociatedRoles=roles)).succeeded()
    name = stack.id("Cluster")
    assert [r["FeatureName"] for r in described_cluster(aws, name)["AssociatedRoles"]] == [
        "s3Import"
    ]
    exports = ["postgresql"]
    stack.update(template(EnableCloudwatchLogsExports=exports, BackupRetentionPeriod=3)).succeeded()
    found = described_cluster(aws, name)
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert found["AssociatedRoles"] == []
    assert found["BackupRetentionPeriod"] == 3
    stack.update(template(EngineVersion="17.9")).succeeded()
    found = described_cluster(aws, name)
    assert found["EnabledCloudwatchLogsExports"] == []
    assert (found["BackupRetentionPeriod"], found["EngineVersion"]) == (1, "17.9")
    assert of_cluster(aws, name).ask("SELECT 1") == [[1]]
    stack.delete()


def test_a_secret_is_made_and_taken_away_with_its_management(aws: LocalAws) -> None:
    def template(**more: Any) -> dict[str, Any]:
        return subnets(Cluster=cluster(**more))

    unmanaged = {"ManageMasterUserPassword": False, "MasterUserPassword": PASSWORD}
    stack: Stack = aws.stack(template(**unmanaged)).succeeded()
    name = stack.id("Cluster")
    stack.update(template()).succeeded()
    arn = described_cluster(aws, name)["MasterUserSecret"]["SecretArn"]
    assert of_cluster(aws, name).ask("SELECT 1") == [[1]]
    assert secret_of(aws, arn)["password"] != PASSWORD
    stack.update(template(**unmanaged)).succeeded()
    assert "MasterUserSecret" not in described_cluster(aws, name)
    assert of_cluster(aws, name, password=PASSWORD).ask("SELECT 1") == [[1]]
    stack.delete()
