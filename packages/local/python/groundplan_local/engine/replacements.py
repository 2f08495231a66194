"""Tell a handler's create apart from one that replaces a resource, for the ledger."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.registry import replacing


def install() -> None:
    native = provisioners._replace_resource

    def replace(*arguments: Any, **named: Any) -> Any:
        token = replacing.set(True)
        try:
            return native(*arguments, **named)
        finally:
            replacing.reset(token)

    provisioners._replace_resource = replace
