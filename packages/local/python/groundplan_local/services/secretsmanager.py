"""``AWS::SecretsManager::Secret``: the emulator's ``Ref`` is the name, AWS's the ARN (fault 14).

A task definition names the field of a secret behind its ``Ref`` (``<arn>:password::``), which is
not to be understood behind a name.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import secretsmanager as native
from ministack.services.cloudformation import drift, provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native
from groundplan_local.services.values import flag, number

_secret = Native("AWS::SecretsManager::Secret")


def _named(made: Resource) -> Resource:
    return Resource(made.attributes["Arn"], made.attributes)


def _name(arn: str) -> str:
    name, _record = native._resolve(arn)
    return str(name)


def _create(context: Context, props: Props) -> Resource:
    return _named(_secret.create(context, props))


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    # Without a name the emulator would take the ARN for one that was given and changed.
    name = _name(arn)
    return _named(_secret.update(context, name, old, {**new, "Name": name}))


def _delete(context: Context, arn: str, props: Props) -> None:
    _secret.delete(_name(arn), props)


def _keep_drift() -> None:
    """The engine looks for drift by the physical id, which is the ARN now."""
    readers = drift._DRIFT_READERS
    read, compared = readers["AWS::SecretsManager::Secret"]
    readers["AWS::SecretsManager::Secret"] = (lambda arn, props: read(_name(arn), props), compared)


_keep_drift()

_EXCLUSIONS = (
    "ExcludeLowercase",
    "ExcludeNumbers",
    "ExcludePunctuation",
    "ExcludeUppercase",
    "IncludeSpace",
)


def _generate_as_asked() -> None:
    """The emulator's handler knows the length and ``ExcludeCharacters`` and nothing else."""

    def secret_string(props: Props) -> str:
        given = props.get("GenerateSecretString")
        if props.get("SecretString") or given is None:
            return str(props.get("SecretString", ""))
        asked: dict[str, Any] = {name: flag(given.get(name, False)) for name in _EXCLUSIONS}
        asked["PasswordLength"] = number(given.get("PasswordLength", 32))
        asked["ExcludeCharacters"] = given.get("ExcludeCharacters", "")
        asked["RequireEachIncludedType"] = flag(given.get("RequireEachIncludedType", True))
        status, _headers, body = native._get_random_password(asked)
        answer = json.loads(body)
        if status >= 400:
            raise ValueError(answer.get("message", "the password cannot be generated"))
        password = str(answer["RandomPassword"])
        template, key = given.get("SecretStringTemplate"), given.get("GenerateStringKey")
        return json.dumps({**json.loads(template), key: password}) if template and key else password

    provisioners._sm_secret_string = secret_string


_generate_as_asked()

TYPES = (
    ResourceType(
        "AWS::SecretsManager::Secret",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("Name",),
        tags="Tags",
    ),
)
