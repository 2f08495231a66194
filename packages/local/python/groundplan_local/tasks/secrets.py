"""The ``secrets`` of a container definition, resolved as ECS resolves them before it starts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ministack.services import secretsmanager, ssm


class SecretError(Exception):
    """A secret that cannot be read, which keeps the task from starting, as on AWS."""


def resolve(definition: Mapping[str, Any]) -> dict[str, str]:
    """The environment variables that a container gets of its ``secrets``."""
    return {
        secret["name"]: _value(secret["valueFrom"]) for secret in definition.get("secrets") or []
    }


def _value(source: str) -> str:
    found = _secret(source) if ":secretsmanager:" in source else _parameter(source)
    if found is None:
        raise SecretError(f"unable to pull secrets: there is no {source}")
    return found


def _parameter(source: str) -> str | None:
    # ECS decrypts a SecureString; the emulator answers its ciphertext unless it is told to.
    found = ssm.resolve_parameter_value(source, decrypt=True)
    return None if found is None else str(found)


def _secret(source: str) -> str | None:
    """``<arn>[:field[:stage[:version]]]``; the ARN itself has seven parts."""
    parts = source.split(":")
    field, stage, version = [*parts[7:], "", "", ""][:3]
    text = secretsmanager.resolve_secret_string(
        ":".join(parts[:7]), stage or "AWSCURRENT", version or None
    )
    if text is None or not field:
        return None if text is None else str(text)
    try:
        value = json.loads(text)[field]
    except (ValueError, KeyError, TypeError):
        raise SecretError(f"unable to pull secrets: {source} has no field {field}") from None
    return value if isinstance(value, str) else json.dumps(value)
