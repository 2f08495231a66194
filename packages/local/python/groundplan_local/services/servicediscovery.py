"""Cloud Map: namespaces and services are kept; what ECS would do with them is not done."""

from __future__ import annotations

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native
from groundplan_local.services.shapes import part

_PREFIX = "AWS::ServiceDiscovery::"
# Properties with numbers, which a template may write as strings.
_TYPED = ("DnsConfig", "HealthCheckConfig", "HealthCheckCustomConfig")
_NOTES = {
    "HttpNamespace": "kept; no task is found by it locally",
    "PrivateDnsNamespace": "kept; no task is found by it locally, and nothing resolves its names",
    "Service": "kept; no task is registered in it locally",
}


def _typed(context: Context, props: Props) -> Props:
    api = context.api("servicediscovery")
    typed = {key: part(api, "CreateService", key, props[key]) for key in _TYPED if key in props}
    return {**props, **typed}


def _noted(name: str, note: str) -> ResourceType:
    native = Native(f"{_PREFIX}{name}")

    def with_note(made: Resource) -> Resource:
        return Resource(made.physical_id, made.attributes, note)

    def create(context: Context, props: Props) -> Resource:
        return with_note(native.create(context, _typed(context, props)))

    def update(context: Context, identity: str, old: Props, new: Props) -> Resource:
        given = _typed(context, old), _typed(context, new)
        return with_note(native.update(context, identity, *given))

    def delete(context: Context, identity: str, props: Props) -> None:
        native.delete(identity, props)

    return ResourceType(
        f"{_PREFIX}{name}", Kind.WRAP, create=create, update=update, delete=delete, tags="Tags"
    )


TYPES = tuple(_noted(name, note) for name, note in _NOTES.items())
