from __future__ import annotations

from typing import Any

from local_aws import LocalAws, ref, resource

ZONE = "Z0GIVEN0BY0THE0ACCOUNT"


def record(value: str, zone: Any = ZONE, name: str = "api.example.com.") -> dict[str, Any]:
    properties = {
        "HostedZoneId": zone,
        "Name": name,
        "Type": "A",
        "TTL": "60",
        "ResourceRecords": [value],
    }
    return {"Record": resource("AWS::Route53::RecordSet", properties)}


def records(aws: LocalAws, zone: str = ZONE) -> dict[str, list[str]]:
    found = aws.client("route53").list_resource_record_sets(HostedZoneId=zone)
    return {
        r["Name"]: [v["Value"] for v in r["ResourceRecords"]]
        for r in found["ResourceRecordSets"]
        if r["Type"] == "A"
    }


def test_a_zone_that_the_template_only_names_is_taken_as_given(aws: LocalAws) -> None:
    stack = aws.stack(record("192.0.2.1")).succeeded()
    zone = aws.client("route53").get_hosted_zone(Id=ZONE)["HostedZone"]
    assert (zone["Id"], zone["Name"]) == (f"/hostedzone/{ZONE}", "example.com.")
    assert records(aws) == {"api.example.com.": ["192.0.2.1"]}
    note = next(e["note"] for e in aws.ledger() if e["stack"] == stack.name)
    assert note == (
        f"the hosted zone {ZONE} is not of this stack and was taken as given, for example.com."
    )
    stack.update(record("192.0.2.2")).succeeded()
    assert records(aws) == {"api.example.com.": ["192.0.2.2"]}
    stack.update(record("192.0.2.2", name="www.example.com")).succeeded()
    assert records(aws) == {"www.example.com.": ["192.0.2.2"]}
    stack.delete()
    # The record is gone, the zone is the account's and stays.
    assert records(aws) == {}
    assert aws.client("route53").get_hosted_zone(Id=ZONE)["HostedZone"]["Name"] == "example.com."


def test_a_zone_of_the_stack_is_the_stacks(aws: LocalAws) -> None:
    template = {
        "Zone": resource("AWS::Route53::HostedZone", {"Name": "example.org"}),
        **record("192.0.2.1", ref("Zone"), "example.org"),
    }
    stack = aws.stack(template).succeeded()
    assert records(aws, stack.id("Zone")) == {"example.org.": ["192.0.2.1"]}
    assert all("note" not in e for e in aws.ledger() if e["stack"] == stack.name)
    stack.delete()
