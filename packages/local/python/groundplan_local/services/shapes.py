"""Template properties as an API takes them, by the API's own model.

CloudFormation writes ``ContainerDefinitions`` where ECS says ``containerDefinitions``, and numbers
and booleans as strings when a parameter brought them. The model of the SDK knows the names and the
types, so nothing is listed here by hand, and a property that the API does not know is refused
instead of lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundplan_local.services.values import flag


def request(client: Any, operation: str, props: Mapping[str, Any]) -> dict[str, Any]:
    """The properties as the input of an operation."""
    model = client.meta.service_model.operation_model(operation)
    return converted(model.input_shape, props)


def converted(shape: Any, props: Mapping[str, Any]) -> dict[str, Any]:
    """The properties as a structure of a service's model."""
    return _structure(shape, props, "")


def part(client: Any, operation: str, member: str, value: Any) -> Any:
    """One property as one member of an operation's input."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    return _convert(shape.members[member], value, member)


def members(client: Any, operation: str) -> list[str]:
    return list(client.meta.service_model.operation_model(operation).input_shape.members)


def _structure(shape: Any, props: Mapping[str, Any], path: str) -> dict[str, Any]:
    known = {name.lower(): name for name in shape.members}
    converted: dict[str, Any] = {}
    for key, value in props.items():
        name = known.get(key.lower())
        where = f"{path}.{key}" if path else key
        if name is None:
            raise ValueError(f"the local AWS does not know the property {where}")
        converted[name] = _convert(shape.members[name], value, where)
    return converted


def _convert(shape: Any, value: Any, path: str) -> Any:
    if isinstance(value, (Mapping, list)):
        return _collection(shape, value, path)
    return _scalar(shape.type_name, value)


def _collection(shape: Any, value: Any, path: str) -> Any:
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return value  # free-form, such as the details of a lifecycle hook
    if kind == "structure" and isinstance(value, Mapping):
        return _structure(shape, value, path)
    if kind == "list" and isinstance(value, list):
        return [_convert(shape.member, item, f"{path}[{i}]") for i, item in enumerate(value)]
    if kind == "map" and isinstance(value, Mapping):
        # The keys of a map are the user's: log options, labels.
        return {str(k): _convert(shape.value, v, f"{path}.{k}") for k, v in value.items()}
    return value


def _scalar(kind: str, value: Any) -> Any:
    if kind in ("integer", "long"):
        return int(str(value))
    if kind in ("double", "float"):
        return float(value)
    if kind == "boolean":
        return flag(value)
    if kind == "string":
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value
