"""Subnet groups and parameter groups; a change of parameters reaches the servers that use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Create, Delete, Props, Resource, ResourceType, Update
from groundplan_local.services.rds import tags

# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
_AT_ONCE = 20


def _named(context: Context, props: Props, member: str) -> str:
    name = props.get(member) or provisioners._physical_name(
        context.stack, context.logical_id, lowercase=True, max_len=255
    )
    return str(name).lower()


def _create_subnets(context: Context, props: Props) -> Resource:
    rds = context.api("rds")
    name = _named(context, props, "DBSubnetGroupName")
    made = rds.create_db_subnet_group(
        DBSubnetGroupName=name,
        DBSubnetGroupDescription=props["DBSubnetGroupDescription"],
        SubnetIds=list(props["SubnetIds"]),
        Tags=tags.listed(props),
    )["DBSubnetGroup"]
    return Resource(name, {"DBSubnetGroupArn": made["DBSubnetGroupArn"]})


def _update_subnets(context: Context, name: str, old: Props, new: Props) -> Resource:
    group = context.api("rds").modify_db_subnet_group(
        DBSubnetGroupName=name,
        DBSubnetGroupDescription=new["DBSubnetGroupDescription"],
        SubnetIds=list(new["SubnetIds"]),
    )["DBSubnetGroup"]
    tags.update(context, group["DBSubnetGroupArn"], old, new)
    return Resource(name, {"DBSubnetGroupArn": group["DBSubnetGroupArn"]})


def _delete_subnets(context: Context, name: str, props: Props) -> None:
    context.api("rds").delete_db_subnet_group(DBSubnetGroupName=name)


class _Parameters:
    """One of the two kinds of parameter groups, which have the same actions by other names."""

    def __init__(self, kind: str, member: str) -> None:
        self._kind = kind
        self._member = member

    def _call(self, context: Context, verb: str, name: str, **more: Any) -> Any:
        act = getattr(context.api("rds"), f"{verb}_{self._kind}")
        return act(**{self._member: name}, **more)

    def _resource(self, context: Context, name: str) -> Resource:
        found = self._arn(context, name)
        prefix = self._member.removesuffix("Name")
        return Resource(name, {self._member: name, f"{prefix}Arn": found})

    def _arn(self, context: Context, name: str) -> str:
        act = getattr(context.api("rds"), f"describe_{self._kind}s")
        listed = next(v for v in act(**{self._member: name}).values() if isinstance(v, list))
        return str(listed[0][f"{self._member.removesuffix('Name')}Arn"])

    @property
    def create(self) -> Create:
        def create(context: Context, props: Props) -> Resource:
            name = _named(context, props, self._member)
            self._call(
                context,
                "create",
                name,
                DBParameterGroupFamily=props["Family"],
                Description=props["Description"],
                Tags=tags.listed(props),
            )
            context.undo(lambda: self._call(context, "delete", name))
            self._put(context, name, _parameters(props))
            return self._resource(context, name)

        return create

    @property
    def update(self) -> Update:
        def update(context: Context, name: str, old: Props, new: Props) -> Resource:
            before, after = _parameters(old), _parameters(new)
            self._put(context, name, {k: v for k, v in after.items() if before.get(k) != v})
            gone = sorted(before.keys() - after.keys())
            if gone:
                parameters = [{"ParameterName": key, "ApplyMethod": "immediate"} for key in gone]
                self._call(context, "reset", name, Parameters=parameters)
            tags.update(context, self._arn(context, name), old, new)
            return self._resource(context, name)

        return update

    @property
    def delete(self) -> Delete:
        def delete(context: Context, name: str, props: Props) -> None:
            self._call(context, "delete", name)

        return delete

    def _put(self, context: Context, name: str, values: dict[str, str]) -> None:
        for some in _batches(list(values.items())):
            parameters = [
                {"ParameterName": key, "ParameterValue": value, "ApplyMethod": "immediate"}
                for key, value in some
            ]
            self._call(context, "modify", name, Parameters=parameters)


def _parameters(props: Props) -> dict[str, str]:
    return {
        str(key): str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in (props.get("Parameters") or {}).items()
    }


def _batches(items: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _parameter_type(name: str, kind: str, member: str) -> ResourceType:
    group = _Parameters(kind, member)
    return ResourceType(
        name,
        Kind.BRIDGE,
        create=group.create,
        update=group.update,
        delete=group.delete,
        create_only=(member, "Description", "Family"),
        tags="Tags",
    )


TYPES = (
    ResourceType(
        "AWS::RDS::DBSubnetGroup",
        Kind.BRIDGE,
        create=_create_subnets,
        update=_update_subnets,
        delete=_delete_subnets,
        create_only=("DBSubnetGroupName",),
        tags="Tags",
    ),
    _parameter_type(
        "AWS::RDS::DBClusterParameterGroup",
        "db_cluster_parameter_group",
        "DBClusterParameterGroupName",
    ),
    _parameter_type("AWS::RDS::DBParameterGroup", "db_parameter_group", "DBParameterGroupName"),
)
