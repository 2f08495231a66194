"""Events of an update as AWS tells them (fault 9).

The emulator walks every resource of an updated stack and reports each as updated, new ones
included. On AWS a resource that did not change is not mentioned and keeps its status, and a new
one is created. The engine announces a resource before it knows which of the three it is, so the
announcement is held back until the engine calls the resource's update or create.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudformation
from ministack.services.cloudformation import provisioners, stacks

_STACK = "AWS::CloudFormation::Stack"
# A custom resource whose properties are the same is not called either; a nested stack is, since
# its own template may have changed under the same URL.
Key = tuple[str, str, str, str]


class Fate(Enum):
    """What the engine does with a resource that it announced as updated."""

    UNKNOWN = "unknown"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NEW = "new"


@dataclass
class Announced:
    """A resource that the engine has announced and not yet finished."""

    announce: Callable[[str], None]
    fate: Fate = Fate.UNKNOWN
    record: dict[str, Any] | None = field(default=None)


class Events:
    """Stands where the engine writes its events."""

    def __init__(self, native: Callable[..., None]) -> None:
        self._native = native
        self._announced: dict[Key, Announced] = {}
        self._deleting: set[tuple[str, ...]] = set()
        self._lock = threading.Lock()

    def add(
        self,
        stack_id: str,
        stack_name: str,
        logical_id: str,
        resource_type: str,
        status: str,
        reason: str = "",
        physical_id: str = "",
        detailed_status: str = "",
    ) -> None:
        key = _key(stack_name, logical_id)

        def write(as_status: str) -> None:
            self._native(
                stack_id,
                stack_name,
                logical_id,
                resource_type,
                as_status,
                reason,
                physical_id,
                detailed_status,
            )

        with self._lock:
            announced = self._announced.get(key)
        if announced is None:
            # The engine's announcement is the only one without a reason and a physical id.
            is_stack = resource_type == _STACK and logical_id == stack_name
            if status == "UPDATE_IN_PROGRESS" and not (reason or physical_id or is_stack):
                with self._lock:
                    self._announced[key] = Announced(write)
                return
            self._note_delete(key, status, physical_id)
            write(status)
            return
        if status == "UPDATE_IN_PROGRESS":
            # "…requires the creation of a new physical resource": it changes.
            self.decide(stack_name, logical_id, Fate.CHANGED)
            write(status)
            return
        self._finish(key, announced, status, write)

    def _note_delete(self, key: Key, status: str, physical_id: str) -> None:
        with self._lock:
            if status == "DELETE_IN_PROGRESS":
                self._deleting.add((*key, physical_id))
            elif status.startswith("DELETE_"):
                self._deleting.discard((*key, physical_id))

    def delete(
        self,
        run: Callable[[], Any],
        resource_type: str,
        physical_id: str,
        stack_name: str | None,
        logical_id: str | None,
    ) -> Any:
        """Tell a delete that the engine does not tell: the cleanup after an update."""
        stack = cloudformation._stacks.get(stack_name or "")
        if stack is None or logical_id is None or stack_name is None:
            return run()
        with self._lock:
            told = (*_key(stack_name, logical_id), physical_id) in self._deleting
        if told:
            return run()
        identity = (stack["StackId"], stack_name, logical_id, resource_type)
        self._native(*identity, "DELETE_IN_PROGRESS", "", physical_id)
        result = run()
        self._native(*identity, "DELETE_COMPLETE", "", physical_id)
        return result

    def _finish(
        self, key: Key, announced: Announced, status: str, write: Callable[[str], None]
    ) -> None:
        with self._lock:
            self._announced.pop(key, None)
        if announced.fate is Fate.UNCHANGED and status == "UPDATE_COMPLETE":
            _restore(key[2], key[3], announced.record)
            return
        if announced.fate is Fate.UNKNOWN:
            announced.announce("UPDATE_IN_PROGRESS")
        if announced.fate is Fate.NEW:
            status = status.replace("UPDATE_", "CREATE_")
            _rename_status(key[2], key[3])
        write(status)

    def decide(self, stack_name: str, logical_id: str, fate: Fate) -> None:
        with self._lock:
            announced = self._announced.get(_key(stack_name, logical_id))
        if announced is None or announced.fate is not Fate.UNKNOWN:
            return
        announced.fate = fate
        if fate is Fate.UNCHANGED:
            held = _resources(stack_name).get(logical_id)
            announced.record = dict(held) if held else None
        else:
            announced.announce("CREATE_IN_PROGRESS" if fate is Fate.NEW else "UPDATE_IN_PROGRESS")


def _key(stack_name: str, logical_id: str) -> Key:
    return (get_account_id(), get_region(), stack_name, logical_id)


def _resources(stack_name: str) -> dict[str, dict[str, Any]]:
    stack = cloudformation._stacks.get(stack_name) or {}
    found: dict[str, dict[str, Any]] = stack.get("_resources", {})
    return found


def _restore(stack_name: str, logical_id: str, before: dict[str, Any] | None) -> None:
    """An untouched resource keeps the status and the time of its last real change."""
    record = _resources(stack_name).get(logical_id)
    if record is not None and before is not None:
        for name in ("ResourceStatus", "Timestamp"):
            record[name] = before[name]


def _rename_status(stack_name: str, logical_id: str) -> None:
    record = _resources(stack_name).get(logical_id)
    if record is not None and record.get("ResourceStatus") == "UPDATE_COMPLETE":
        record["ResourceStatus"] = "CREATE_COMPLETE"


def install() -> None:
    events = Events(stacks._add_event)
    native_update = stacks._update_resource
    native_provision = stacks._provision_resource

    def update(
        resource_type: str,
        physical_id: str,
        old: dict[str, Any],
        new: dict[str, Any],
        stack_name: str,
        logical_id: str | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Any:
        fate = Fate.UNCHANGED if old == new else Fate.CHANGED
        events.decide(stack_name, logical_id or "", fate)
        return native_update(
            resource_type, physical_id, old, new, stack_name, logical_id, attributes
        )

    def provision(
        resource_type: str, logical_id: str, props: dict[str, Any], stack_name: str
    ) -> Any:
        events.decide(stack_name, logical_id, Fate.NEW)
        return native_provision(resource_type, logical_id, props, stack_name)

    native_delete = stacks._delete_resource

    def delete(
        resource_type: str,
        physical_id: str,
        props: dict[str, Any],
        stack_name: str | None = None,
        logical_id: str | None = None,
    ) -> Any:
        def run() -> Any:
            return native_delete(resource_type, physical_id, props, stack_name, logical_id)

        return events.delete(run, resource_type, physical_id, stack_name, logical_id)

    stacks._add_event = events.add
    stacks._delete_resource = delete
    # Stacks import both by name, nested stacks call them where they are defined.
    for module in (stacks, provisioners):
        module._update_resource = update
        module._provision_resource = provision
