from __future__ import annotations

from typing import Any

import pytest
from databases import (
    PASSWORD,
    described_instance,
    instance,
    of_instance,
    secret_of,
    subnets,
)
from local_aws import LocalAws, att, output, ref, resource
from pg8000.exceptions import DatabaseError, InterfaceError


def test_an_instance_is_a_postgresql_of_its_own(aws: LocalAws) -> None:
    made = instance(
        BackupRetentionPeriod="7",
        EnableCloudwatchLogsExports=["postgresql"],
        MaxAllocatedStorage=100,
        MultiAZ="true",
        Port="5433",
        StorageType="gp3",
        Tags=[{"Key": "team", "Value": "a"}],
    )
    names = ("Endpoint.Address", "Endpoint.Port", "DBInstanceArn", "DbiResourceId")
    outputs = {name.replace(".", ""): output(att("Instance", name)) for name in names}
    stack = aws.stack(subnets(Instance=made), Outputs=outputs).succeeded()
    name = stack.id("Instance")
    found = described_instance(aws, name)
    assert stack.outputs == {
        "EndpointAddress": found["Endpoint"]["Address"],
        "EndpointPort": "5433",
        "DBInstanceArn": found["DBInstanceArn"],
        "DbiResourceId": found["DbiResourceId"],
    }
    assert found["BackupRetentionPeriod"] == 7
    assert (found["MaxAllocatedStorage"], found["StorageType"]) == (100, "gp3")
    assert found["MultiAZ"] is True
    database = of_instance(aws, name)
    database.ask("CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)")
    assert database.ask("SELECT n FROM t") == [[1]]
    with pytest.raises(DatabaseError, match="permission denied"):
        database.ask("ALTER SYSTEM SET work_mem = '1MB'")
    group = f"/aws/rds/instance/{name}/postgresql"
    streams = aws.client("logs").describe_log_streams(logGroupName=group)["logStreams"]
    assert [s["logStreamName"] for s in streams] == [name]

    # A change of storage, class and version is recorded, and disturbs nobody.
    larger = instance(
        **{**made["Properties"], "AllocatedStorage": "50", "DBInstanceClass": "db.t4g.small"}
    )
    larger["Properties"]["EngineVersion"] = "18.1"
    stack.update(subnets(Instance=larger), Outputs=outputs).succeeded()
    found = described_instance(aws, name)
    assert (found["AllocatedStorage"], found["DBInstanceClass"]) == (50, "db.t4g.small")
    assert found["EngineVersion"] == "18.1"
    assert found["PendingModifiedValues"] == {}
    assert database.ask("SELECT n FROM t") == [[1]]
    stack.delete()
    rds = aws.client("rds")
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        rds.describe_db_instances(DBInstanceIdentifier=name)
    with pytest.raises(InterfaceError):
        database.ask("SELECT 1")


def test_a_managed_password_and_an_own_parameter_group(aws: LocalAws) -> None:
    group = resource(
        "AWS::RDS::DBParameterGroup",
        {
            "Family": "postgres17",
            "Description": "d",
            "Parameters": {"statement_timeout": 5000, "rds.force_ssl": "0"},
        },
    )
    made = instance(DBParameterGroupName=ref("Group"), ManageMasterUserPassword=True)
    del made["Properties"]["MasterUserPassword"]
    stack = aws.stack(
        subnets(Group=group, Instance=made),
        Outputs={"Secret": output(att("Instance", "MasterUserSecret.SecretArn"))},
    ).succeeded()
    name, arn = stack.id("Instance"), stack.outputs["Secret"]
    assert described_instance(aws, name)["MasterUserSecret"]["SecretArn"] == arn
    described = aws.client("secretsmanager").describe_secret(SecretId=arn)
    assert described["Name"].startswith("rds!db-")
    assert described["OwningService"] == "rds"
    assert described["RotationRules"] == {"AutomaticallyAfterDays": 7}
    database = of_instance(aws, name, password=secret_of(aws, arn)["password"], tls=False)
    assert database.ask("SHOW statement_timeout") == [["5s"]]

    rds = aws.client("rds")
    in_use = rds.exceptions.InvalidDBParameterGroupStateFault
    with pytest.raises(in_use, match="still members"):
        rds.delete_db_parameter_group(DBParameterGroupName=stack.id("Group"))
    rds.modify_db_instance(
        DBInstanceIdentifier=name, RotateMasterUserPassword=True, ApplyImmediately=True
    )
    with pytest.raises(DatabaseError, match="password authentication failed"):
        database.ask("SELECT 1")
    database.password = secret_of(aws, arn)["password"]
    assert database.ask("SELECT 1") == [[1]]
    stack.delete()
    secrets = aws.client("secretsmanager")
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.describe_secret(SecretId=arn)


def test_a_replica_answers_what_its_source_has(aws: LocalAws) -> None:
    replica = resource(
        "AWS::RDS::DBInstance",
        {
            "SourceDBInstanceIdentifier": ref("Instance"),
            "DBInstanceClass": "db.t4g.micro",
            "BackupRetentionPeriod": 0,
        },
        DeletionPolicy="Delete",
    )
    stack = aws.stack(subnets(Instance=instance(), Replica=replica)).succeeded()
    source, copy = stack.id("Instance"), stack.id("Replica")
    found = described_instance(aws, copy)
    assert found["ReadReplicaSourceDBInstanceIdentifier"] == source
    listed = described_instance(aws, source)["ReadReplicaDBInstanceIdentifiers"]
    assert listed == [copy]
    of_instance(aws, source).ask("CREATE TABLE t (n int)", "INSERT INTO t VALUES (3)")
    assert of_instance(aws, copy).ask("SELECT n FROM t") == [[3]]
    notes = [e.get("note") for e in aws.ledger() if e["physicalId"] == copy]
    assert notes == ["answers at the endpoint of its source: never behind it, and it takes writes"]
    stack.delete()


def test_deletion_protection_keeps_an_instance(aws: LocalAws) -> None:
    def template(**more: Any) -> dict[str, Any]:
        return subnets(Instance=instance(**more))

    stack = aws.stack(template(DeletionProtection=True)).succeeded()
    name = stack.id("Instance")
    cfn = aws.client("cloudformation")
    cfn.delete_stack(StackName=stack.name)
    stack._settle()
    assert stack.status == "DELETE_FAILED"
    assert any("disable deletion protection" in failure for failure in stack.failures())
    assert of_instance(aws, name).ask("SELECT 1") == [[1]]
    rds = aws.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False)
    stack.delete()


def test_a_password_is_changed_and_one_that_nobody_knows_is_replaced(aws: LocalAws) -> None:
    stack = aws.stack(subnets(Instance=instance())).succeeded()
    name = stack.id("Instance")
    of_instance(aws, name).ask("ALTER ROLE postgres PASSWORD 'changed-by-hand'")
    changed = subnets(Instance=instance(MasterUserPassword="said-in-the-template"))
    stack.update(changed).succeeded()
    with pytest.raises(DatabaseError, match="password authentication failed"):
        of_instance(aws, name, password=PASSWORD).ask("SELECT 1")
    assert of_instance(aws, name, password="said-in-the-template").ask("SELECT 1") == [[1]]
    stack.delete()


def test_a_stopped_instance_answers_again_when_it_is_started(aws: LocalAws) -> None:
    stack = aws.stack(subnets(Instance=instance())).succeeded()
    name, rds = stack.id("Instance"), aws.client("rds")
    rds.stop_db_instance(DBInstanceIdentifier=name)
    with pytest.raises(InterfaceError):
        of_instance(aws, name).ask("SELECT 1")
    rds.start_db_instance(DBInstanceIdentifier=name)
    assert of_instance(aws, name).ask("SELECT 1") == [[1]]
    stack.delete()


def test_another_engine_is_only_a_record(aws: LocalAws) -> None:
    made = instance(Engine="mysql", EngineVersion="8.0.42", MasterUsername="admin")
    stack = aws.stack(subnets(Instance=made)).succeeded()
    found = described_instance(aws, stack.id("Instance"))
    assert found["Endpoint"]["Address"].endswith(".rds.amazonaws.com")
    assert found["Endpoint"]["Port"] == 3306
    stack.delete()
