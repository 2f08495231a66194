"""What the emulator's Step Functions forgets of a state machine, and what it does not refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions as native

Data = Mapping[str, Any]
Reply = tuple[int, dict[str, str], bytes]
Action = Callable[[Data], Reply]

_KEPT = "tracingConfiguration"


def problems(definition: str) -> Iterator[str]:
    """What AWS would not take of a definition: states that are not there, or not named."""
    try:
        machine = json.loads(definition)
    except ValueError as error:
        yield f"INVALID_JSON_DESCRIPTION: {error}"
        return
    yield from _problems_of(machine, "")


def _problems_of(machine: Any, at: str) -> Iterator[str]:
    states = machine.get("States") if isinstance(machine, Mapping) else None
    if not isinstance(states, Mapping) or not states:
        yield f"SCHEMA_VALIDATION_FAILED: States is required at {at or '/'}"
        return
    if machine.get("StartAt") not in states:
        yield f"MISSING_TRANSITION_TARGET: Missing 'StartAt' target at {at}/StartAt"
    for name, state in states.items():
        where = f"{at}/States/{name}"
        for target in _targets(state):
            if target not in states:
                yield f"MISSING_TRANSITION_TARGET: Missing transition target '{target}' at {where}"
        for inner in [*state.get("Branches", []), *_processors(state)]:
            yield from _problems_of(inner, where)


def _targets(state: Data) -> Iterator[Any]:
    for name in ("Next", "Default"):
        if name in state:
            yield state[name]
    for rule in [*state.get("Choices", []), *state.get("Catch", [])]:
        yield rule.get("Next")


def _processors(state: Data) -> list[Any]:
    return [state[name] for name in ("Iterator", "ItemProcessor") if name in state]


def _completed(action: Action) -> Action:
    def complete(data: Data) -> Reply:
        for problem in problems(data["definition"]) if "definition" in data else ():
            text = f"Invalid State Machine Definition: '{problem}'"
            refused: Reply = error_response_json("InvalidDefinition", text, 400)
            return refused
        reply = action(data)
        if reply[0] < 400:
            arn = data.get("stateMachineArn") or json.loads(reply[2])["stateMachineArn"]
            machine = native._state_machines[arn]
            given = data.get(_KEPT, machine.get(_KEPT)) or {}
            machine[_KEPT] = {"enabled": False, **given}
        return reply

    return complete


def install() -> None:
    native._create_state_machine = _completed(native._create_state_machine)
    native._update_state_machine = _completed(native._update_state_machine)
