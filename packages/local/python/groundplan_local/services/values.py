"""Template values as the SDK wants them.

CloudFormation hands numbers and booleans on as strings when a template wrote them so (YAML,
``Fn::Sub``, parameters), while the SDK insists on the type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def flag(value: Any) -> bool:
    return str(value).lower() == "true"


def number(value: Any) -> int:
    return int(str(value))


def pick(props: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: props[name] for name in names if name in props}


def pick_numbers(props: Mapping[str, Any], *names: str) -> dict[str, int]:
    return {name: number(props[name]) for name in names if name in props}


def pick_flags(props: Mapping[str, Any], *names: str) -> dict[str, bool]:
    return {name: flag(props[name]) for name in names if name in props}


def typed(value: Any) -> Any:
    """A nested structure with its numbers and booleans as such (``"true"`` → ``True``)."""
    if isinstance(value, Mapping):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return flag(value)
    return value
