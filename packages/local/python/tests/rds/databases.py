"""Templates of databases, and asking the databases themselves."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from typing import Any

from local_aws import REGION, LocalAws, network, ref, resource
from pg8000 import native

PASSWORD = "correct-horse-battery"


def subnets(**more: Any) -> dict[str, Any]:
    second = {"VpcId": ref("Vpc"), "CidrBlock": "10.9.2.0/24", "AvailabilityZone": f"{REGION}a"}
    group = {"DBSubnetGroupDescription": "d", "SubnetIds": [ref("Subnet"), ref("Second")]}
    return network(
        Second=resource("AWS::EC2::Subnet", second),
        Subnets=resource("AWS::RDS::DBSubnetGroup", group),
        **more,
    )


def cluster(**more: Any) -> dict[str, Any]:
    return resource(
        "AWS::RDS::DBCluster",
        {
            "Engine": "aurora-postgresql",
            "EngineVersion": "17.7",
            "DatabaseName": "guestbook",
            "MasterUsername": "postgres",
            "ManageMasterUserPassword": True,
            "DBSubnetGroupName": ref("Subnets"),
            "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 2},
            **more,
        },
        DeletionPolicy="Delete",
    )


def member(**more: Any) -> dict[str, Any]:
    properties = {
        "DBClusterIdentifier": ref("Cluster"),
        "DBInstanceClass": "db.serverless",
        "Engine": "aurora-postgresql",
    }
    return resource("AWS::RDS::DBInstance", {**properties, **more})


def instance(**more: Any) -> dict[str, Any]:
    return resource(
        "AWS::RDS::DBInstance",
        {
            "AllocatedStorage": "20",
            "DBInstanceClass": "db.t4g.micro",
            "DBName": "guestbook",
            "DBSubnetGroupName": ref("Subnets"),
            "Engine": "postgres",
            "EngineVersion": "17.7",
            "MasterUsername": "postgres",
            "MasterUserPassword": PASSWORD,
            **more,
        },
        DeletionPolicy="Delete",
    )


def secret_of(aws: LocalAws, arn: str) -> dict[str, Any]:
    value = aws.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    found: dict[str, Any] = json.loads(value)
    return found


@dataclass
class Database:
    """Where a database is and who asks it; over TLS, with the certificate checked, unless told."""

    aws: LocalAws
    host: str
    port: int
    password: str
    user: str = "postgres"
    name: str = "guestbook"
    tls: bool = True

    def ask(self, *statements: str) -> list[list[Any]]:
        """The rows of the last statement."""
        ca = str(self.aws.state / "databases" / "ca" / "ca.pem")
        connection = native.Connection(
            self.user,
            host=self.host,
            port=self.port,
            database=self.name,
            password=self.password,
            ssl_context=ssl.create_default_context(cafile=ca) if self.tls else False,
            timeout=10,
        )
        try:
            rows: list[list[Any]] = []
            for statement in statements:
                rows = connection.run(statement) or []
            return rows
        finally:
            connection.close()


def described_cluster(aws: LocalAws, name: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("rds").describe_db_clusters(DBClusterIdentifier=name)[
        "DBClusters"
    ][0]
    return found


def described_instance(aws: LocalAws, name: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("rds").describe_db_instances(DBInstanceIdentifier=name)[
        "DBInstances"
    ][0]
    return found


def of_cluster(aws: LocalAws, name: str, **more: Any) -> Database:
    """The writer of a cluster, with the password of its managed secret unless told."""
    found = described_cluster(aws, name)
    if "password" not in more:
        more["password"] = secret_of(aws, found["MasterUserSecret"]["SecretArn"])["password"]
    return Database(aws, found["Endpoint"], found["Port"], **more)


def of_instance(aws: LocalAws, name: str, **more: Any) -> Database:
    endpoint = described_instance(aws, name)["Endpoint"]
    given = {"password": PASSWORD, **more}
    return Database(aws, endpoint["Address"], endpoint["Port"], **given)


def note_of(aws: LocalAws, physical_id: str) -> str:
    entries = [e for e in aws.ledger() if e["physicalId"] == physical_id]
    return entries[-1].get("note", "")


def clusters(aws: LocalAws) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("rds").describe_db_clusters()["DBClusters"]
    return found
