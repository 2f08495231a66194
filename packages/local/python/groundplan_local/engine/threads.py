"""Our handlers run beside the engine's event loop, never on it.

A handler that calls the emulator's API from the loop waits for a server that waits for it.
"""

from __future__ import annotations

from ministack.services.cloudformation import stacks

from groundplan_local.registry import Registry


def install(registry: Registry) -> None:
    native = stacks._runs_on_worker_thread

    def runs_on_worker_thread(resource_type: str) -> bool:
        return resource_type in registry or bool(native(resource_type))

    stacks._runs_on_worker_thread = runs_on_worker_thread
