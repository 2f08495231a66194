"""Cloud Map and Service Connect: kept and read back; nobody is found by them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from fargate import container, definition, describe, plain
from local_aws import LocalAws, Stack, att, ref, resource

MAP = "AWS::ServiceDiscovery"


def template(ttl: Any = "60", **service: Any) -> dict[str, Any]:
    task = definition(container(PortMappings=[{"ContainerPort": 8080, "Name": "http"}]))
    registries = [{"RegistryArn": att("Registry", "Arn"), "ContainerName": "web"}]
    connect = {
        "Enabled": "true",
        "Namespace": att("Namespace", "Arn"),
        "Services": [
            {
                "PortName": "http",
                "DiscoveryName": "shop",
                "ClientAliases": [{"Port": "8080", "DnsName": "shop"}],
            }
        ],
    }
    return {
        **plain(
            task,
            DesiredCount=0,
            ServiceConnectConfiguration=connect,
            ServiceRegistries=registries,
            **service,
        ),
        "Namespace": resource(
            f"{MAP}::PrivateDnsNamespace",
            {"Description": "of the shop", "Name": "shop.internal", "Vpc": ref("Vpc")},
        ),
        "Registry": resource(
            f"{MAP}::Service",
            {
                "Description": "of the web",
                "DnsConfig": {
                    "DnsRecords": [{"TTL": ttl, "Type": "A"}],
                    "RoutingPolicy": "MULTIVALUE",
                },
                "HealthCheckCustomConfig": {"FailureThreshold": 1},
                "Name": "web",
                "NamespaceId": ref("Namespace"),
            },
        ),
    }


def read(aws: LocalAws, stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    api = aws.client("servicediscovery")
    return (
        api.get_namespace(Id=stack.id("Namespace"))["Namespace"],
        api.get_service(Id=stack.id("Registry"))["Service"],
    )


def test_namespaces_registries_and_connections_are_kept(aws: LocalAws) -> None:
    stack = aws.stack(template()).succeeded()
    namespace, registry = read(aws, stack)
    assert (namespace["Name"], namespace["Type"]) == ("shop.internal", "DNS_PRIVATE")
    assert namespace["Description"] == "of the shop"
    zone = namespace["Properties"]["DnsProperties"]["HostedZoneId"]
    found = aws.client("route53").get_hosted_zone(Id=zone)
    assert found["HostedZone"]["Name"] == "shop.internal."
    assert [vpc["VPCId"] for vpc in found["VPCs"]] == [stack.id("Vpc")]
    assert registry["NamespaceId"] == namespace["Id"]
    assert registry["DnsConfig"]["DnsRecords"] == [{"TTL": 60, "Type": "A"}]
    assert registry["DnsConfig"]["RoutingPolicy"] == "MULTIVALUE"
    service = describe(aws, stack)
    assert service["serviceRegistries"] == [
        {"registryArn": registry["Arn"], "containerName": "web"}
    ]
    connect = service["deployments"][0]["serviceConnectConfiguration"]
    assert (connect["enabled"], connect["namespace"]) == (True, namespace["Arn"])
    assert connect["services"] == [
        {
            "portName": "http",
            "discoveryName": "shop",
            "clientAliases": [{"port": 8080, "dnsName": "shop"}],
        }
    ]
    notes = {
        entry["logicalId"]: entry["note"]
        for entry in aws.ledger()
        if entry["stack"] == stack.name and entry.get("note")
    }
    assert notes["Service"].endswith("not acted on: Service Connect, service registries")
    assert "nothing resolves its names" in notes["Namespace"]
    assert "no task is registered" in notes["Registry"]

    before = stack.id("Registry")
    changed = template(ttl=10)
    changed["Registry"]["Properties"]["Description"] = "of another"
    changed["Namespace"]["Properties"]["Description"] = "of another"
    connection = changed["Service"]["Properties"]["ServiceConnectConfiguration"]
    connection["Services"][0]["DiscoveryName"] = "another"
    stack.update(changed).succeeded()
    assert stack.id("Registry") == before
    namespace, registry = read(aws, stack)
    assert (namespace["Description"], registry["Description"]) == ("of another", "of another")
    assert registry["DnsConfig"]["DnsRecords"] == [{"TTL": 10, "Type": "A"}]
    connect = describe(aws, stack)["deployments"][0]["serviceConnectConfiguration"]
    assert connect["services"][0]["discoveryName"] == "another"

    changed["Registry"]["Properties"]["Name"] = "renamed"
    stack.update(changed).succeeded()
    assert stack.id("Registry") != before
    assert describe(aws, stack)["serviceRegistries"][0]["registryArn"].endswith(
        stack.id("Registry")
    )
    api = aws.client("servicediscovery")
    with pytest.raises(ClientError, match="ServiceNotFound"):
        api.get_service(Id=before)
    gone = stack.id("Namespace")
    stack.delete()
    with pytest.raises(ClientError, match="NamespaceNotFound"):
        api.get_namespace(Id=gone)


def test_an_http_namespace_is_kept(aws: LocalAws) -> None:
    made = resource(f"{MAP}::HttpNamespace", {"Name": "shop"})
    stack = aws.stack({"Namespace": made}).succeeded()
    api = aws.client("servicediscovery")
    assert api.get_namespace(Id=stack.id("Namespace"))["Namespace"]["Type"] == "HTTP"
    gone = stack.id("Namespace")
    stack.delete()
    with pytest.raises(ClientError, match="NamespaceNotFound"):
        api.get_namespace(Id=gone)
