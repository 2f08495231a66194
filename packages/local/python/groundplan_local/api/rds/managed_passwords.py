"""Master passwords that RDS manages in Secrets Manager.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import rds as native
from ministack.services import secretsmanager

from groundplan_local.api.query import ApiError, Fields
from groundplan_local.api.rds.backing import Backing, Record, arn_of, is_cluster
from groundplan_local.databases.passwords import new_password

_DAYS = 7
_DAY = 86400


def secret_arn(record: Mapping[str, Any]) -> str | None:
    return (record.get("MasterUserSecret") or {}).get("SecretArn")


def manage(record: Record, given: Mapping[str, Any]) -> None:
    """Make the secret of a record from the master user and password that it has."""
    kind = "cluster" if is_cluster(record) else "db"
    name = record["DBClusterIdentifier"] if is_cluster(record) else record["DBInstanceIdentifier"]
    arn = secretsmanager.create_secret_in_process(
        f"rds!{kind}-{new_uuid()}",
        _value(record),
        description=f"The secret associated with the primary RDS DB {_kind(record)}: {name}",
    )
    key = given.get("MasterUserSecretKmsKeyId")
    record["MasterUserSecret"] = {
        "SecretArn": arn,
        "SecretStatus": "active",
        "KmsKeyId": key
        or f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/secretsmanager",
    }
    complete(record)


def complete(record: Record) -> None:
    """What AWS keeps of such a secret: its owner, its tag, and a rotation every seven days."""
    arn = secret_arn(record)
    if arn is None:
        return
    _name, secret = secretsmanager._resolve(arn)
    tag = "primaryDBClusterArn" if is_cluster(record) else "primaryDBInstanceArn"
    secret["KmsKeyId"] = record["MasterUserSecret"]["KmsKeyId"]
    secret["OwningService"] = "rds"
    secret["RotationEnabled"] = True
    secret["RotationRules"] = {"AutomaticallyAfterDays": _DAYS}
    secret["NextRotationDate"] = int(time.time()) + _DAYS * _DAY
    secret["Tags"] = [
        {"Key": f"aws:rds:{tag}", "Value": arn_of(record)},
        {"Key": "aws:secretsmanager:owningService", "Value": "rds"},
    ]


def forget(record: Record) -> None:
    arn = secret_arn(record)
    if arn is not None:
        secretsmanager.delete_secret_in_process(arn)


def modify(backing: Backing, record: Record, given: Mapping[str, Any], fields: Fields) -> Fields:
    """Everything that a modification says about the master password; answers the other fields."""
    managed, password = given.get("ManageMasterUserPassword"), given.get("MasterUserPassword")
    if secret_arn(record) and managed is not False:
        if password:
            raise ApiError(
                "InvalidParameterCombination",
                "You can't specify MasterUserPassword for a database whose master user password "
                "is managed by RDS in AWS Secrets Manager.",
            )
        if given.get("RotateMasterUserPassword"):
            _rotate(backing, record)
    elif given.get("RotateMasterUserPassword"):
        raise ApiError(
            "InvalidParameterCombination",
            "You can only rotate the master user password when it's managed by RDS in AWS Secrets "
            "Manager.",
        )
    elif managed:
        backing.alter_password(record, new_password())
        manage(record, given)
    elif secret_arn(record) and not password:
        raise ApiError(
            "InvalidParameterCombination",
            "MasterUserPassword is required when ManageMasterUserPassword is turned off.",
        )
    if password:
        backing.alter_password(record, password)
    if managed is False:
        forget(record)
        record["MasterUserSecret"] = None
    ours = ("ManageMasterUserPassword", "MasterUserPassword", "RotateMasterUserPassword")
    return {name: value for name, value in fields.items() if name not in ours}


def _rotate(backing: Backing, record: Record) -> None:
    backing.alter_password(record, new_password())
    secretsmanager.put_secret_value_in_process(secret_arn(record), _value(record))


def rotated(backing: Backing, secret: Mapping[str, Any]) -> str | None:
    """The new value of a secret, of which a master password is changed; None for any other."""
    record = _owner(secret) or _attached(secret)
    if record is None:
        return None
    _version, standing = secretsmanager._find_stage_version(secret, "AWSCURRENT")
    value = json.loads(standing["SecretString"])
    if value.get("username") != record["MasterUsername"]:
        return None
    backing.alter_password(record, new_password())
    return json.dumps({**value, "password": record["_MasterUserPassword"]})


def _owner(secret: Mapping[str, Any]) -> Record | None:
    records = [*native._clusters.values(), *native._instances.values()]
    return next((record for record in records if secret_arn(record) == secret["ARN"]), None)


def _attached(secret: Mapping[str, Any]) -> Record | None:
    """What a secret is attached to, when a function that AWS brings along rotates it."""
    if not secret.get("_HostedRotation"):
        return None
    _version, standing = secretsmanager._find_stage_version(secret, "AWSCURRENT")
    try:
        value = json.loads(standing["SecretString"])
    except (TypeError, ValueError):
        return None
    cluster: Record | None = native._clusters.get(value.get("dbClusterIdentifier"))
    return cluster or native._instances.get(value.get("dbInstanceIdentifier"))


def _value(record: Mapping[str, Any]) -> str:
    value = {"username": record["MasterUsername"], "password": record["_MasterUserPassword"]}
    return json.dumps(value)


def _kind(record: Mapping[str, Any]) -> str:
    return "cluster" if is_cluster(record) else "instance"
