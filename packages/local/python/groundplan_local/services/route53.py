"""``AWS::Route53::RecordSet`` in a zone that the template names and does not make.

A template may name a hosted zone of the account by its id
(``HostedZone.fromHostedZoneAttributes``). The emulator starts empty, so such a zone is taken as
given: it is made with exactly that id when the first record wants it, and it stays, as the
account's zone would.
"""

from __future__ import annotations

from ministack.services import route53 as native
from ministack.services.cloudformation import provisioners

from groundplan_local.ledger import Kind
from groundplan_local.registry import Context, Props, Resource, ResourceType
from groundplan_local.services.native import Native

_record_set = Native("AWS::Route53::RecordSet")

_GIVEN = "named by a template and taken as given"


def _zone_name(record: str) -> str:
    """``api.example.com`` is a record of ``example.com``, and so is ``example.com``."""
    labels = record.rstrip(".").split(".")
    return ".".join(labels[1:] if len(labels) > 2 else labels) + "."


def _take_as_given(props: Props) -> str | None:
    zone = provisioners._r53_normalize_hosted_zone_id(str(props.get("HostedZoneId") or ""))
    with native._lock:
        present = native._zones.get(zone)
        if present is not None and present["comment"] == _GIVEN:
            return _note(zone, present["name"])
        if not zone or present is not None:
            return None
        name = _zone_name(str(props["Name"]))
        reference = f"groundplan-{zone}"
        native._zones[zone] = {
            "id": zone,
            "name": name,
            "caller_reference": reference,
            "comment": _GIVEN,
            "private": False,
        }
        native._records[zone] = native._default_records(name)
        native._caller_refs[reference] = zone
    return _note(zone, name)


def _note(zone: str, name: str) -> str:
    return f"the hosted zone {zone} is not of this stack and was taken as given, for {name}"


def _create(context: Context, props: Props) -> Resource:
    note = _take_as_given(props)
    made = _record_set.create(context, props)
    return Resource(made.physical_id, made.attributes, note)


def _update(context: Context, name: str, old: Props, new: Props) -> Resource:
    note = _take_as_given(new)
    made = _record_set.update(context, name, old, new)
    return Resource(made.physical_id, made.attributes, note)


def _delete(context: Context, name: str, props: Props) -> None:
    _record_set.delete(name, props)


TYPES = (
    ResourceType(
        "AWS::Route53::RecordSet",
        Kind.WRAP,
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("HostedZoneId", "HostedZoneName", "Name"),
    ),
)
