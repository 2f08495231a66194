"""``AWS::StepFunctions::StateMachine``, with its logging and tracing as the template says."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.shapes import request
from groundplan_local.services.values import flag

_RENAMED = {"StateMachineName": "name", "StateMachineType": "type"}
_DEFINITION = ("Definition", "DefinitionS3Location", "DefinitionString", "DefinitionSubstitutions")
_OFF = {"level": "OFF", "includeExecutionData": False}


def _given(props: Props) -> dict[str, Any]:
    given = {_RENAMED.get(k, k): v for k, v in props.items() if k not in _DEFINITION}
    if "EncryptionConfiguration" in given:
        provisioners._sfn_encryption(given["EncryptionConfiguration"])  # refuses as AWS does
    return {**given, "definition": provisioners._sfn_definition(props)}


def _create(context: Context, props: Props) -> Resource:
    states = context.api("stepfunctions")
    name = props.get("StateMachineName") or provisioners._physical_name(
        context.stack, context.logical_id, max_len=80
    )
    asked = request(states, "CreateStateMachine", {**_given(props), "name": name})
    arn = states.create_state_machine(**asked)["stateMachineArn"]
    context.undo(lambda: states.delete_state_machine(stateMachineArn=arn))
    return _resource(states, arn, props)


def _resource(states: Any, arn: str, props: Props) -> Resource:
    machine = states.describe_state_machine(stateMachineArn=arn)
    attributes = {
        "Arn": arn,
        "Name": machine["name"],
        "StateMachineRevisionId": machine["revisionId"],
    }
    return Resource(arn, attributes, _note(props))


def _note(props: Props) -> str | None:
    traced = flag((props.get("TracingConfiguration") or {}).get("Enabled"))
    return "executions run and are logged; tracing is only kept" if traced else None


def _update(context: Context, arn: str, old: Props, new: Props) -> Resource:
    states = context.api("stepfunctions")
    given = {k: v for k, v in _given(new).items() if k not in ("name", "type", "Tags")}
    # What a template drops goes back to what it is without it.
    for key, default in (("LoggingConfiguration", _OFF), ("TracingConfiguration", {})):
        if key in old and key not in new:
            given[key] = default
    asked = request(states, "UpdateStateMachine", {**given, "stateMachineArn": arn})
    states.update_state_machine(**asked)
    kept = {tag["Key"] for tag in new.get("Tags") or []}
    dropped = sorted(t["Key"] for t in old.get("Tags") or [] if t["Key"] not in kept)
    if dropped:
        states.untag_resource(resourceArn=arn, tagKeys=dropped)
    if new.get("Tags"):
        tags = [{"key": t["Key"], "value": str(t.get("Value", ""))} for t in new["Tags"]]
        states.tag_resource(resourceArn=arn, tags=tags)
    return _resource(states, arn, new)


def _delete(context: Context, arn: str, props: Props) -> None:
    context.api("stepfunctions").delete_state_machine(stateMachineArn=arn)


TYPES = (
    ResourceType(
        "AWS::StepFunctions::StateMachine",
        Kind.BRIDGE,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("StateMachineName", "StateMachineType"),
        tags="Tags",
    ),
)
