"""Container definitions: their order, what ``RunTask`` overrides, their ports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_order(definitions: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Containers after those that they depend on; a circle is refused."""
    left = list(definitions)
    ordered: list[Mapping[str, Any]] = []
    while left:
        done = {c["name"] for c in ordered}
        ready = [
            c for c in left if all(d["containerName"] in done for d in c.get("dependsOn") or [])
        ]
        if not ready:
            names = ", ".join(c["name"] for c in left)
            raise ValueError(f"the containers {names} depend on one another")
        ordered.append(ready[0])
        left.remove(ready[0])
    return ordered


def overridden(
    container: Mapping[str, Any], overrides: list[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """A container definition with what ``RunTask`` overrides of it."""
    override = next((o for o in overrides if o.get("name") == container["name"]), None)
    if override is None:
        return container
    changed = dict(container)
    if override.get("command"):
        changed["command"] = override["command"]
    named = {e["name"]: e for e in container.get("environment") or []}
    named.update({e["name"]: e for e in override.get("environment") or []})
    changed["environment"] = list(named.values())
    return changed


def container_ports(definitions: list[Mapping[str, Any]]) -> list[int]:
    return [
        int(mapping["containerPort"])
        for container in definitions
        for mapping in container.get("portMappings") or []
        if mapping.get("containerPort")
    ]
