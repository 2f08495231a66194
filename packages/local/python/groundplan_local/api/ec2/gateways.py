"""Egress-only internet gateways: filters, and no tags left behind."""

from __future__ import annotations

from groundplan_local.api.ec2 import stores
from groundplan_local.api.query import Action, Actions, Answer, Form, Reply, edited, keep_matching


def _create(form: Form, native: Action) -> Reply:
    stores.vpc(form.text("VpcId"))
    return native(form.fields)


def _describe(form: Form, native: Action) -> Reply:
    def edit(answer: Answer) -> None:
        keep_matching(answer, "egressOnlyInternetGatewaySet", {}, form.filters())

    return edited(native(form.fields), edit)


def _delete(form: Form, native: Action) -> Reply:
    identifier = form.text("EgressOnlyInternetGatewayId")
    return edited(native(form.fields), lambda _: stores.forget_tags(identifier))


def install(actions: Actions) -> None:
    actions.complete("CreateEgressOnlyInternetGateway", _create)
    actions.complete("DescribeEgressOnlyInternetGateways", _describe)
    actions.complete("DeleteEgressOnlyInternetGateway", _delete)
