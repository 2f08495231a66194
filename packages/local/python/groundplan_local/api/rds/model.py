"""The Query protocol of RDS, read and written by the API's own model.

The emulator reads the members that it knows of a request and answers those that it knows of a
record. With the model of the SDK every member of a request can be kept, and every member of a
record answered, without listing them here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import botocore.session

from groundplan_local.api.query import Fields, Form


@functools.cache
def _model() -> Any:
    return botocore.session.Session().get_service_model("rds")


def read(operation: str, fields: Fields) -> dict[str, Any]:
    """The members of a request, typed."""
    return _structure(_model().operation_model(operation).input_shape, Form(fields), "")


def _structure(shape: Any, form: Form, prefix: str) -> dict[str, Any]:
    found = {}
    for name, member in shape.members.items():
        value = _value(member, form, f"{prefix}{member.serialization.get('name', name)}")
        if value is not None:
            found[name] = value
    return found


def _value(shape: Any, form: Form, name: str) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, form, f"{name}.") or None
    if kind == "list":
        # ``Tags.Tag.1.Key`` as the SDK writes it, ``Tags.member.1.Key`` as others do.
        pattern = re.compile(rf"^({re.escape(name)}\.[^.]+)\.(\d+)(?:\.|$)")
        places = {
            (int(match.group(2)), match.group(1))
            for match in map(pattern.match, form.fields)
            if match
        }
        items = [_value(shape.member, form, f"{stem}.{number}") for number, stem in sorted(places)]
        return items or None
    text = form.text(name)
    return _typed(kind, text) if text else None


def _typed(kind: str, text: str) -> Any:
    if kind in ("integer", "long"):
        return int(text)
    if kind in ("double", "float"):
        return float(text)
    return text.lower() == "true" if kind == "boolean" else text


def written(shape: str, record: Mapping[str, Any]) -> str:
    """The members of a record that a shape of the API has, as XML without the element around."""
    return _members(_model().shape_for(shape), record)


def _members(shape: Any, record: Mapping[str, Any]) -> str:
    return "".join(
        _element(member, member.serialization.get("name", name), record.get(name))
        for name, member in shape.members.items()
    )


def _element(shape: Any, name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    kind = shape.type_name
    if kind == "structure":
        return f"<{name}>{_members(shape, value)}</{name}>"
    if kind == "list":
        item = shape.member.serialization.get("name", "member")
        inner = "".join(_element(shape.member, item, element) for element in value)
        return f"<{name}>{inner}</{name}>"
    if kind == "boolean":
        return f"<{name}>{str(value).lower()}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def kept(operation: str, shape: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What of a request a record of that shape has under the same name and of the same type."""
    inputs = _model().operation_model(operation).input_shape.members
    outputs = _model().shape_for(shape).members
    return {
        name: value
        for name, value in given.items()
        if name in outputs and outputs[name].type_name == inputs[name].type_name
    }
