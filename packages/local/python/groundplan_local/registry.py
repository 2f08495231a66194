"""Our CloudFormation resource types, and how they reach the emulator's engine.

The engine looks a type up in one table, calls it on its event loop unless it is told that the
type blocks, replaces a resource when a create-only property changed, and deletes the
predecessor only after the whole update succeeded. A handler here therefore never deletes a
predecessor itself: it says which properties are create-only and returns.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from groundplan_local.clients import Clients
from groundplan_local.ledger import Action, Entry, Kind, Ledger

logger = logging.getLogger("groundplan")

Props = Mapping[str, Any]
Attributes = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """What CloudFormation keeps of a resource: ``Ref`` and what ``Fn::GetAtt`` reads."""

    physical_id: str
    attributes: Attributes = field(default_factory=dict)
    note: str | None = None
    """What a green deployment does not prove about it, or what was assumed for it."""


@dataclass
class Context:
    """Where a handler acts, and how it takes back what it made when it fails halfway."""

    logical_id: str
    stack: str
    account: str
    region: str
    clients: Clients
    _undo: list[Callable[[], object]] = field(default_factory=list)

    def api(self, service: str) -> Any:
        return self.clients.get(service, self.account, self.region)

    @property
    def ec2(self) -> Any:
        return self.api("ec2")

    def undo(self, step: Callable[[], object]) -> None:
        """Remember how to take back the API call that was just made."""
        self._undo.append(step)

    @contextlib.contextmanager
    def nothing_half_made(self) -> Iterator[None]:
        try:
            yield
        except Exception:
            for step in reversed(self._undo):
                try:
                    step()
                except Exception:  # the first error is the one to report
                    logger.exception("undoing %s of %s failed", self.logical_id, self.stack)
            raise


Create = Callable[[Context, Props], Resource]
Update = Callable[[Context, str, Props, Props], Resource]
Delete = Callable[[Context, str, Props], None]


@dataclass(frozen=True)
class ResourceType:
    """One CloudFormation type.

    ``create_only`` are the properties that AWS documents with "Update requires: Replacement".
    ``tags`` names the property that stack-level and ``aws:cloudformation:`` tags are merged
    into, or is None where the type has no tags.
    """

    name: str
    kind: Kind
    create: Create
    delete: Delete
    update: Update | None = None
    create_only: Sequence[str] = ()
    tags: str | None = None


_GONE = ("NotFound", "NoSuch", "does not exist", "DoesNotExist", "NonExistent")


def already_gone(error: ClientError) -> bool:
    """Deleting what somebody deleted by hand is no failure, as on AWS."""
    details = error.response.get("Error", {})
    return any(mark in f"{details.get('Code', '')} {details.get('Message', '')}" for mark in _GONE)


# Set while the engine replaces a resource, so that the ledger can tell it from a first create.
replacing: ContextVar[bool] = ContextVar("groundplan_replacing", default=False)


class Engine:
    """The emulator's tables that a type is written into; see :mod:`groundplan_local.seams`."""

    def __init__(
        self,
        handlers: dict[str, dict[str, Any]],
        replacing_properties: dict[str, tuple[str, ...]],
        stack_tag_properties: dict[str, tuple[str, str]],
        account: Callable[[], str],
        region: Callable[[], str],
    ) -> None:
        self.handlers = handlers
        self.replacing_properties = replacing_properties
        self.stack_tag_properties = stack_tag_properties
        self.account = account
        self.region = region


class Registry:
    """Puts our types into the engine's tables and what they do into the ledger."""

    def __init__(self, engine: Engine, clients: Clients, ledger: Ledger) -> None:
        self._engine = engine
        self._clients = clients
        self._ledger = ledger
        self._types: dict[str, ResourceType] = {}
        # A delete is told neither its stack nor, on every path, its logical id.
        self._owners: dict[tuple[str, str, str, str], tuple[str, str]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._types

    @property
    def types(self) -> Mapping[str, ResourceType]:
        return self._types

    def register(self, *types: ResourceType) -> None:
        for kind in types:
            if kind.name in self._types:
                raise ValueError(f"{kind.name} is registered twice")
            self._types[kind.name] = kind
            self._engine.handlers[kind.name] = self._entry(kind)
            self._engine.replacing_properties[kind.name] = tuple(kind.create_only)
            if kind.tags:
                self._engine.stack_tag_properties[kind.name] = (kind.tags, "list")

    def _context(self, logical_id: str, stack: str) -> Context:
        return Context(
            logical_id, stack, self._engine.account(), self._engine.region(), self._clients
        )

    def _entry(self, kind: ResourceType) -> dict[str, Any]:
        def create(logical_id: str, props: Props, stack: str) -> tuple[str, Attributes]:
            context = self._context(logical_id, stack)
            with context.nothing_half_made():
                made = kind.create(context, props)
            action = Action.REPLACE if replacing.get() else Action.CREATE
            self._record(action, kind, context, made.physical_id, made.note)
            return made.physical_id, made.attributes

        def update(
            physical_id: str, old: Props, new: Props, stack: str, logical_id: str | None = None
        ) -> tuple[str, Attributes]:
            context = self._context(logical_id or physical_id, stack)
            if kind.update is None:
                changed = sorted(k for k in {*old, *new} if old.get(k) != new.get(k))
                raise ValueError(
                    f"{kind.name}: a change of {', '.join(changed)} is not supported by the local "
                    "AWS yet; delete the resource and create it again, or try it in an AWS account"
                )
            with context.nothing_half_made():
                made = kind.update(context, physical_id, old, new)
            self._record(Action.UPDATE, kind, context, made.physical_id, made.note)
            return made.physical_id, made.attributes

        def delete(physical_id: str, props: Props, logical_id: str | None = None) -> None:
            account, region = self._engine.account(), self._engine.region()
            owner = self._owners.pop((account, region, kind.name, physical_id), ("", ""))
            context = self._context(logical_id or owner[1], owner[0])
            try:
                kind.delete(context, physical_id, props)
            except ClientError as error:
                if not already_gone(error):
                    self._owners[(account, region, kind.name, physical_id)] = owner
                    raise
            self._record(Action.DELETE, kind, context, physical_id)

        return {
            **self._engine.handlers.get(kind.name, {}),
            "create": create,
            "update": update,
            "update_with_logical_id": True,
            "delete": delete,
            "delete_with_logical_id": True,
        }

    def _record(
        self,
        action: Action,
        kind: ResourceType,
        context: Context,
        physical_id: str,
        note: str | None = None,
    ) -> None:
        if action is not Action.DELETE:
            key = (context.account, context.region, kind.name, physical_id)
            self._owners[key] = (context.stack, context.logical_id)
        self._ledger.write(
            Entry(
                action=action,
                kind=kind.kind,
                type=kind.name,
                logicalId=context.logical_id,
                physicalId=physical_id,
                stack=context.stack,
                account=context.account,
                region=context.region,
                note=note,
            )
        )
