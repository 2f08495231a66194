from __future__ import annotations

import json
from typing import Any

import pytest
from databases import PASSWORD, cluster, instance, of_cluster, of_instance, secret_of, subnets
from local_aws import LocalAws, att, output, ref, resource
from pg8000.exceptions import DatabaseError


def events(aws: LocalAws, stack_queue: str) -> list[dict[str, Any]]:
    received = aws.client("sqs").receive_message(
        QueueUrl=stack_queue, MaxNumberOfMessages=10, WaitTimeSeconds=2
    )
    return [json.loads(message["Body"]) for message in received.get("Messages", [])]


def test_a_managed_secret_is_rotated_in_the_database_too(aws: LocalAws) -> None:
    pattern = {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {"eventName": ["RotationSucceeded"]},
    }
    rule = {
        "EventPattern": pattern,
        "Targets": [{"Id": "q", "Arn": att("Queue", "Arn")}],
    }
    stack = aws.stack(
        subnets(
            Cluster=cluster(),
            Queue=resource("AWS::SQS::Queue"),
            Rule=resource("AWS::Events::Rule", rule),
        ),
        Outputs={"Secret": output(att("Cluster", "MasterUserSecret.SecretArn"))},
    ).succeeded()
    name, arn = stack.id("Cluster"), stack.outputs["Secret"]
    secrets = aws.client("secretsmanager")
    described = secrets.describe_secret(SecretId=arn)
    assert described["Name"].startswith("rds!cluster-")
    assert described["OwningService"] == "rds"
    assert described["RotationEnabled"] is True
    assert described["RotationRules"] == {"AutomaticallyAfterDays": 7}
    before = of_cluster(aws, name)
    assert before.ask("SELECT 1") == [[1]]
    secrets.rotate_secret(SecretId=arn)
    after = of_cluster(aws, name)
    assert after.password != before.password
    assert after.ask("SELECT 1") == [[1]]
    with pytest.raises(DatabaseError, match="password authentication failed"):
        before.ask("SELECT 1")
    assert "LastRotatedDate" in secrets.describe_secret(SecretId=arn)
    (event,) = events(aws, stack.id("Queue"))
    assert event["detail"]["additionalEventData"]["SecretId"] == arn
    stack.delete()


def login() -> dict[str, Any]:
    template = json.dumps({"username": "postgres"})
    generated = {
        "SecretStringTemplate": template,
        "GenerateStringKey": "password",
        "ExcludeCharacters": "/@\" '\\",
    }
    return resource("AWS::SecretsManager::Secret", {"GenerateSecretString": generated})


def password() -> dict[str, Any]:
    parts = ["{{resolve:secretsmanager:", ref("Login"), ":SecretString:password::}}"]
    return {"Fn::Join": ["", parts]}


def attachment(kind: str, target: str) -> dict[str, Any]:
    return resource(
        "AWS::SecretsManager::SecretTargetAttachment",
        {"SecretId": ref("Login"), "TargetId": ref(target), "TargetType": f"AWS::RDS::{kind}"},
    )


def test_an_attached_secret_knows_its_cluster_and_a_hosted_rotation_changes_it(
    aws: LocalAws,
) -> None:
    made = cluster(ManageMasterUserPassword=False, MasterUserPassword=password())
    schedule = {
        "SecretId": ref("Attachment"),
        "HostedRotationLambda": {"RotationType": "PostgreSQLSingleUser"},
        "RotationRules": {"AutomaticallyAfterDays": 30},
    }
    template = subnets(
        Login=login(),
        Cluster=made,
        Attachment=attachment("DBCluster", "Cluster"),
        Schedule=resource("AWS::SecretsManager::RotationSchedule", schedule),
    )
    stack = aws.stack(template).succeeded()
    name, arn = stack.id("Cluster"), stack.id("Attachment")
    value = secret_of(aws, arn)
    database = of_cluster(aws, name, password=value["password"])
    assert value == {
        "username": "postgres",
        "password": value["password"],
        "engine": "postgres",
        "host": database.host,
        "port": 5432,
        "dbname": "guestbook",
        "dbClusterIdentifier": name,
    }
    assert database.ask("SELECT 1") == [[1]]
    secrets = aws.client("secretsmanager")
    described = secrets.describe_secret(SecretId=arn)
    assert described["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert len(described["VersionIdsToStages"]) == 2  # the generated value, and the attached one

    secrets.rotate_secret(SecretId=arn)
    rotated = secret_of(aws, arn)
    assert {**rotated, "password": ""} == {**value, "password": ""}
    assert rotated["password"] != value["password"]
    database.password = rotated["password"]
    assert database.ask("SELECT 1") == [[1]]

    del template["Schedule"]
    stack.update(template).succeeded()
    described = secrets.describe_secret(SecretId=arn)
    assert described["RotationEnabled"] is False
    assert "RotationRules" not in described
    del template["Attachment"]
    stack.update(template).succeeded()
    assert set(secret_of(aws, arn)) == {"username", "password"}
    stack.delete()


def test_an_attached_secret_knows_its_instance(aws: LocalAws) -> None:
    made = instance(MasterUserPassword=password())
    stack = aws.stack(
        subnets(Login=login(), Instance=made, Attachment=attachment("DBInstance", "Instance"))
    ).succeeded()
    value = secret_of(aws, stack.id("Login"))
    name = stack.id("Instance")
    assert value["dbInstanceIdentifier"] == name
    assert of_instance(aws, name, password=value["password"]).ask("SELECT 1") == [[1]]
    stack.delete()


def test_a_rotation_by_ones_own_function_keeps_rules_and_value(aws: LocalAws) -> None:
    schedule = {
        "SecretId": ref("Login"),
        "RotationLambdaARN": "arn:aws:lambda:eu-central-1:000000000000:function:rotate",
        "RotationRules": {"ScheduleExpression": "rate(10 days)", "Duration": "3h"},
    }
    stack = aws.stack(
        {
            "Login": login(),
            "Schedule": resource("AWS::SecretsManager::RotationSchedule", schedule),
        }
    ).succeeded()
    arn = stack.id("Login")
    described = aws.client("secretsmanager").describe_secret(SecretId=arn)
    assert described["RotationRules"] == schedule["RotationRules"]
    assert described["RotationLambdaARN"] == schedule["RotationLambdaARN"]
    notes = [e.get("note") for e in aws.ledger() if e["logicalId"] == "Schedule"]
    assert "its function is not called" in notes[-1]
    value = secret_of(aws, arn)
    aws.client("secretsmanager").rotate_secret(SecretId=arn)
    assert secret_of(aws, arn) == value
    stack.delete()


def test_a_policy_is_kept_with_its_secret(aws: LocalAws) -> None:
    def template(action: str) -> dict[str, Any]:
        statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        properties = {"SecretId": ref("Login"), "ResourcePolicy": policy}
        return {
            "Login": login(),
            "Policy": resource("AWS::SecretsManager::ResourcePolicy", properties),
        }

    stack = aws.stack(template("secretsmanager:DeleteSecret")).succeeded()
    secrets, arn = aws.client("secretsmanager"), stack.id("Login")
    for action in ("secretsmanager:DeleteSecret", "secretsmanager:PutSecretValue"):
        stack.update(template(action)).succeeded() if "Put" in action else None
        policy = json.loads(secrets.get_resource_policy(SecretId=arn)["ResourcePolicy"])
        assert policy["Statement"][0]["Action"] == action
    alone = {"Login": login()}
    stack.update(alone).succeeded()
    assert "ResourcePolicy" not in secrets.get_resource_policy(SecretId=arn)
    stack.delete()


def test_a_password_that_no_database_takes_is_not_kept(aws: LocalAws) -> None:
    stack = aws.stack(subnets(Cluster=cluster())).succeeded()
    name = stack.id("Cluster")
    rds, secrets = aws.client("rds"), aws.client("secretsmanager")
    arn = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]["MasterUserSecret"][
        "SecretArn"
    ]
    value = secret_of(aws, arn)
    rds.stop_db_cluster(DBClusterIdentifier=name)
    with pytest.raises(secrets.exceptions.InvalidRequestException, match="does not run"):
        secrets.rotate_secret(SecretId=arn)
    assert secret_of(aws, arn) == value
    rds.start_db_cluster(DBClusterIdentifier=name)
    assert of_cluster(aws, name).ask("SELECT 1") == [[1]]
    assert value["password"] != PASSWORD
    stack.delete()
