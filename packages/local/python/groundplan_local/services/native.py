"""Calling the emulator's own handler of a type from one of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.registry import Context, Props, Resource


class Native:
    """The emulator's handlers of one type, as they were before ours took their place."""

    def __init__(self, name: str) -> None:
        self._handlers: Mapping[str, Any] = dict(provisioners._RESOURCE_HANDLERS[name])

    def create(self, context: Context, props: Props) -> Resource:
        made, attributes = self._handlers["create"](context.logical_id, props, context.stack)
        return Resource(made, attributes)

    def update(self, context: Context, physical_id: str, old: Props, new: Props) -> Resource:
        arguments = [physical_id, old, new, context.stack]
        if self._handlers.get("update_with_logical_id"):
            arguments.append(context.logical_id)
        made, attributes = self._handlers["update"](*arguments)
        return Resource(made, attributes)

    def delete(self, physical_id: str, props: Props) -> None:
        self._handlers["delete"](physical_id, props)
