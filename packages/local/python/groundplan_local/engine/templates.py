"""Refuse what the local AWS cannot do before anything is created, all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services import lambda_svc, sns
from ministack.services.cloudformation import (
    changesets,
    engine,
    handlers,
    provisioners,
    stacks,
)

from groundplan_local import refusals


def _known(name: str) -> bool:
    return name in provisioners._RESOURCE_HANDLERS or name.startswith("Custom::")


def _dangling(kind: str, props: Mapping[str, Any]) -> str | None:
    """A literal name of something that is not there; the emulator would accept it (fault 7)."""
    topic = props.get("TopicArn")
    if kind == "AWS::SNS::Subscription" and isinstance(topic, str) and topic not in sns._topics:
        return f"it subscribes to the topic {topic}, which does not exist (emulator fault 7)"
    function = props.get("FunctionName")
    if kind == "AWS::Lambda::EventSourceMapping" and isinstance(function, str):
        record, _config, _name = lambda_svc._get_func_record_for_ref(function)
        if record is None:
            return f"it feeds the function {function}, which does not exist (emulator fault 7)"
    return None


def _refuse(logical_id: str, kind: str, props: Mapping[str, Any]) -> None:
    problems = refusals.check_resource(logical_id, kind, props)
    if problems:
        raise ValueError(refusals.message(problems))


def _guard_resources() -> None:
    """The same for what no template showed beforehand: nested stacks, and values of parameters."""
    native_provision = stacks._provision_resource
    native_update = stacks._update_resource

    def provision(
        resource_type: str, logical_id: str, props: Mapping[str, Any], stack_name: str
    ) -> Any:
        _refuse(logical_id, resource_type, props)
        return native_provision(resource_type, logical_id, props, stack_name)

    def update(
        resource_type: str,
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        stack_name: str,
        logical_id: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Any:
        _refuse(logical_id or physical_id, resource_type, new)
        return native_update(
            resource_type, physical_id, old, new, stack_name, logical_id, attributes
        )

    for module in (stacks, provisioners):
        module._provision_resource = provision
        module._update_resource = update


def install() -> None:
    _guard_resources()
    native = engine.validate_template_support

    def validate(
        template: Mapping[str, Any],
        conditions: Mapping[str, bool],
        params: Mapping[str, Any] | None = None,
    ) -> None:
        # A template with a macro may still change; the emulator checks it after the transform.
        if not template.get("Transform"):
            problems = refusals.check(template, conditions, _known, _dangling)
            if problems:
                raise ValueError(refusals.message(problems))
        native(template, conditions, params=params)

    for module in (engine, changesets, handlers):
        module.validate_template_support = validate
