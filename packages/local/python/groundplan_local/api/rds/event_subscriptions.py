"""Subscriptions to events of RDS, which the emulator does not have: kept and read back.

No event of RDS is sent to their topics.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import (
    AccountRegionScopedDict,
    get_account_id,
    get_region,
    now_iso,
)
from ministack.services import rds as native

from groundplan_local.api.query import ApiError, Form, Reply
from groundplan_local.api.rds import model

_subscriptions = AccountRegionScopedDict()


def _found(name: str) -> dict[str, Any]:
    found: dict[str, Any] | None = _subscriptions.get(name)
    if found is None:
        raise ApiError("SubscriptionNotFound", f"Event Subscription {name} not found.")
    return found


def create(form: Form) -> Reply:
    given = model.read("CreateEventSubscription", form.fields)
    name = given["SubscriptionName"]
    if name in _subscriptions:
        raise ApiError("SubscriptionAlreadyExist", f"Event Subscription {name} already exists.")
    arn = f"arn:aws:rds:{get_region()}:{get_account_id()}:es:{name}"
    subscription = {
        "CustomerAwsId": get_account_id(),
        "CustSubscriptionId": name,
        "EventSubscriptionArn": arn,
        "Status": "active",
        "SubscriptionCreationTime": now_iso(),
        "Enabled": True,
    }
    _subscriptions[name] = _put(subscription, given)
    if given.get("Tags"):
        native._tags[arn] = given["Tags"]
    return _answer("CreateEventSubscription", subscription)


def modify(form: Form) -> Reply:
    given = model.read("ModifyEventSubscription", form.fields)
    return _answer("ModifyEventSubscription", _put(_found(given["SubscriptionName"]), given))


def _put(subscription: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    for name, kept in (
        ("Enabled", "Enabled"),
        ("EventCategories", "EventCategoriesList"),
        ("SnsTopicArn", "SnsTopicArn"),
        ("SourceIds", "SourceIdsList"),
        ("SourceType", "SourceType"),
    ):
        if name in given:
            subscription[kept] = given[name]
    return subscription


def delete(form: Form) -> Reply:
    subscription = _found(form.text("SubscriptionName"))
    del _subscriptions[subscription["CustSubscriptionId"]]
    native._tags.pop(subscription["EventSubscriptionArn"], None)
    return _answer("DeleteEventSubscription", subscription)


def describe(form: Form) -> Reply:
    name = form.text("SubscriptionName")
    found = [_found(name)] if name else list(_subscriptions.values())
    inner = "".join(
        f"<EventSubscription>{model.written('EventSubscription', one)}</EventSubscription>"
        for one in found
    )
    listed = f"<EventSubscriptionsList>{inner}</EventSubscriptionsList>"
    operation = "DescribeEventSubscriptions"
    reply: Reply = native._xml(
        200, f"{operation}Response", f"<{operation}Result>{listed}</{operation}Result>"
    )
    return reply


def _answer(operation: str, subscription: dict[str, Any]) -> Reply:
    inner = model.written("EventSubscription", subscription)
    reply: Reply = native._xml(
        200,
        f"{operation}Response",
        f"<{operation}Result><EventSubscription>{inner}</EventSubscription></{operation}Result>",
    )
    return reply
