from __future__ import annotations

from typing import Any

from local_aws import LocalAws, att, output, resource, tag, tag_of


def offices(*blocks: str, name: str = "offices", limit: int = 3) -> dict[str, Any]:
    return {
        "List": resource(
            "AWS::EC2::PrefixList",
            {
                "AddressFamily": "IPv4",
                "Entries": [{"Cidr": block, "Description": name} for block in blocks],
                "MaxEntries": limit,
                "PrefixListName": name,
                "Tags": tag(name),
            },
        )
    }


def entries(aws: LocalAws, identifier: str) -> set[str]:
    found = aws.ec2.get_managed_prefix_list_entries(PrefixListId=identifier)
    return {entry["Cidr"] for entry in found["Entries"]}


def test_a_list_keeps_its_id_while_its_entries_change(aws: LocalAws) -> None:
    outputs = {"Version": output({"Fn::Sub": "${List.Version}"}), "Arn": output(att("List", "Arn"))}
    stack = aws.stack(offices("10.1.0.0/16", "10.2.0.0/16"), Outputs=outputs).succeeded()
    identifier = stack.id("List")
    assert entries(aws, identifier) == {"10.1.0.0/16", "10.2.0.0/16"}
    assert stack.outputs["Version"] == "1"

    changed = offices("10.2.0.0/16", "10.3.0.0/16", name="sites")
    stack.update(changed, Outputs=outputs).succeeded()
    assert stack.id("List") == identifier
    assert entries(aws, identifier) == {"10.2.0.0/16", "10.3.0.0/16"}
    found = aws.ec2.describe_managed_prefix_lists(PrefixListIds=[identifier])["PrefixLists"][0]
    assert found["PrefixListName"] == tag_of(found) == "sites"
    assert stack.outputs["Version"] == "2"

    stack.delete()
    assert aws.ec2.describe_managed_prefix_lists(PrefixListIds=[identifier])["PrefixLists"] == []


def test_more_entries_than_the_list_holds_fail(aws: LocalAws) -> None:
    stack = aws.stack(offices("10.1.0.0/16", "10.2.0.0/16", limit=1))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert "maximum number of entries" in stack.failures()[0]
    stack.delete()
