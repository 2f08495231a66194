"""CloudFront and HTTP APIs in front of a balancer that nobody outside could reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from fargate import ask, balanced, container, definition
from local_aws import REGION, LocalAws, Stack, att, output, ref, resource, tag

VIEWED = "www.example.com"
CALLED = "calls.example.com"
# AWS's own: caching disabled, and all that the viewer sent.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


def internal() -> dict[str, Any]:
    """A service behind an internal balancer that answers to every name."""
    template = balanced(definition(container()))
    template["Balancer"]["Properties"]["Scheme"] = "internal"
    template["Rule"]["Properties"]["Conditions"] = [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}
    ]
    del template["Plain"]
    return template


def distribution(**behavior: Any) -> dict[str, Any]:
    endpoint = {
        "Arn": ref("Balancer"),
        "HTTPPort": "80",
        "HTTPSPort": 443,
        "Name": "to-the-balancer",
        "OriginProtocolPolicy": "https-only",
        "OriginSSLProtocols": ["TLSv1.2"],
    }
    default = {
        "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": ALL_VIEWER,
        "TargetOriginId": "balancer",
        "ViewerProtocolPolicy": "redirect-to-https",
        **behavior,
    }
    origin = {
        "DomainName": att("Balancer", "DNSName"),
        "Id": "balancer",
        "VpcOriginConfig": {"VpcOriginId": att("Private", "Id")},
    }
    config = {
        "Aliases": [VIEWED],
        "DefaultCacheBehavior": default,
        "Enabled": True,
        "Origins": [origin],
        "ViewerCertificate": {
            "AcmCertificateArn": ref("Certificate"),
            "SslSupportMethod": "sni-only",
        },
    }
    return {
        "Private": resource(
            "AWS::CloudFront::VpcOrigin",
            {"Tags": tag("shop"), "VpcOriginEndpointConfig": endpoint},
        ),
        "Distribution": resource("AWS::CloudFront::Distribution", {"DistributionConfig": config}),
    }


def api() -> dict[str, Any]:
    v2 = "AWS::ApiGatewayV2"
    domain = {"CertificateArn": ref("Certificate"), "EndpointType": "REGIONAL"}
    return {
        "Link": resource(
            f"{v2}::VpcLink",
            {
                "Name": "shop",
                "SecurityGroupIds": [att("Vpc", "DefaultSecurityGroup")],
                "SubnetIds": [ref("Subnet")],
                "Tags": {"Owner": "shop"},
            },
        ),
        "Api": resource(
            f"{v2}::Api",
            {"Name": "shop", "ProtocolType": "HTTP", "DisableExecuteApiEndpoint": True},
        ),
        "Integration": resource(
            f"{v2}::Integration",
            {
                "ApiId": ref("Api"),
                "ConnectionId": ref("Link"),
                "ConnectionType": "VPC_LINK",
                "IntegrationMethod": "ANY",
                "IntegrationType": "HTTP_PROXY",
                "IntegrationUri": ref("Secure"),
                "PayloadFormatVersion": "1.0",
                "TlsConfig": {"ServerNameToVerify": CALLED},
            },
        ),
        "Route": resource(
            f"{v2}::Route",
            {
                "ApiId": ref("Api"),
                "RouteKey": "$default",
                "Target": {"Fn::Join": ["", ["integrations/", ref("Integration")]]},
            },
        ),
        "Stage": resource(
            f"{v2}::Stage", {"ApiId": ref("Api"), "AutoDeploy": True, "StageName": "$default"}
        ),
        "Domain": resource(
            f"{v2}::DomainName", {"DomainName": CALLED, "DomainNameConfigurations": [domain]}
        ),
        "Mapping": resource(
            f"{v2}::ApiMapping",
            {"ApiId": ref("Api"), "DomainName": ref("Domain"), "Stage": ref("Stage")},
        ),
    }


OUTPUTS = {
    "Label": output(att("Distribution", "DomainName")),
    "Regional": output(att("Domain", "RegionalDomainName")),
}


@pytest.fixture(scope="module")
def shop(aws: LocalAws) -> Iterator[Stack]:
    stack = aws.stack({**internal(), **distribution(), **api()}, Outputs=OUTPUTS).succeeded()
    yield stack
    stack.delete()


def test_a_distribution_reaches_the_service_through_its_vpc_origin(
    aws: LocalAws, shop: Stack
) -> None:
    answer = ask(aws, "/a%20b?c=d&c=e", f"{VIEWED}.localhost", "POST", b"hello", X_Own="1")
    assert answer.status == 200, answer.body
    got = answer.json()
    assert (got["method"], got["url"], got["body"]) == ("POST", "/a%20b?c=d&c=e", "hello")
    assert got["headers"]["host"] == VIEWED
    assert got["headers"]["x-forwarded-proto"] == "https"
    assert got["headers"]["x-own"] == "1"
    assert "CloudFront" in got["headers"]["via"]
    assert answer.headers["x-cache"].endswith("from cloudfront")
    label = shop.outputs["Label"].split(".")[0]
    assert ask(aws, "/", f"{label}.cloudfront.localhost").json()["headers"]["host"] == (
        f"{label}.cloudfront.net"
    )
    head = ask(aws, "/", f"{VIEWED}.localhost", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert ask(aws, "/", "unknown.cloudfront.localhost").status != 200


def test_a_vpc_origin_is_kept_with_everything(aws: LocalAws, shop: Stack) -> None:
    cloudfront = aws.client("cloudfront")
    identity = shop.id("Private")
    found = cloudfront.get_vpc_origin(Id=identity)["VpcOrigin"]
    config = found["VpcOriginEndpointConfig"]
    assert config["Arn"] == shop.id("Balancer")
    assert (config["HTTPPort"], config["HTTPSPort"]) == (80, 443)
    assert config["OriginProtocolPolicy"] == "https-only"
    assert config["OriginSslProtocols"]["Items"] == ["TLSv1.2"]
    tags = cloudfront.list_tags_for_resource(Resource=found["Arn"])["Tags"]["Items"]
    assert {"Key": "Name", "Value": "shop"} in tags
    used = cloudfront.get_distribution_config(Id=shop.id("Distribution"))["DistributionConfig"]
    assert used["Origins"]["Items"][0]["VpcOriginConfig"]["VpcOriginId"] == identity


def test_an_http_api_reaches_the_service_through_its_vpc_link(aws: LocalAws, shop: Stack) -> None:
    answer = ask(aws, "/a/b?c=d", f"{CALLED}.localhost", "PUT", b"hello", X_Own="1")
    assert answer.status == 200, answer.body
    got = answer.json()
    assert (got["method"], got["url"], got["body"]) == ("PUT", "/a/b?c=d", "hello")
    assert got["headers"]["host"] == CALLED
    assert got["headers"]["x-own"] == "1"
    assert got["headers"]["x-forwarded-proto"] == "https"
    assert f"host={CALLED};proto=https" in got["headers"]["forwarded"]
    assert "apigw-requestid" in answer.headers
    # Its own name is closed, as the template says.
    own = f"{shop.id('Api')}.execute-api.localhost"
    assert (ask(aws, "/", own).status, ask(aws, "/", own).json()) == (404, {"message": "Not Found"})


def test_a_vpc_link_and_its_integration_are_kept(aws: LocalAws, shop: Stack) -> None:
    api = aws.client("apigatewayv2")
    found = api.get_vpc_link(VpcLinkId=shop.id("Link"))
    assert (found["Name"], found["VpcLinkStatus"]) == ("shop", "AVAILABLE")
    assert found["SubnetIds"] == [shop.id("Subnet")]
    assert len(found["SecurityGroupIds"]) == 1
    assert found["Tags"]["Owner"] == "shop"
    kept = api.get_integration(ApiId=shop.id("Api"), IntegrationId=shop.id("Integration"))
    assert (kept["ConnectionType"], kept["ConnectionId"]) == ("VPC_LINK", shop.id("Link"))
    assert kept["TlsConfig"] == {"ServerNameToVerify": CALLED}
    assert kept["IntegrationUri"] == shop.id("Secure")
    assert shop.id("Link") in [item["VpcLinkId"] for item in api.get_vpc_links()["Items"]]
    with pytest.raises(ClientError, match="is used by an integration"):
        api.delete_vpc_link(VpcLinkId=shop.id("Link"))


def small() -> dict[str, Any]:
    template = {**internal(), **distribution(), **api()}
    drop = ("Distribution", "Service", "Rule", "Group", "Definition", "Cluster", "Domain")
    for name in (*drop, "Mapping", "Secure"):
        template.pop(name)
    template["Integration"]["Properties"]["IntegrationUri"] = "http://example.com"
    return template


def test_changes_replacements_and_the_end(aws: LocalAws) -> None:
    template = small()
    template["Private"]["Properties"]["VpcOriginEndpointConfig"]["Name"] = "another"
    stack = aws.stack(template).succeeded()
    before = {name: stack.id(name) for name in ("Private", "Link", "Integration")}
    endpoint = template["Private"]["Properties"]["VpcOriginEndpointConfig"]
    endpoint["OriginProtocolPolicy"] = "http-only"
    del template["Private"]["Properties"]["Tags"]
    template["Link"]["Properties"].update({"Name": "renamed", "Tags": {"Tier": "dev"}})
    integration = template["Integration"]["Properties"]
    del integration["TlsConfig"]
    integration["TimeoutInMillis"] = 5000
    stack.update(template).succeeded()
    assert {name: stack.id(name) for name in before} == before
    cloudfront, api = aws.client("cloudfront"), aws.client("apigatewayv2")
    found = cloudfront.get_vpc_origin(Id=before["Private"])["VpcOrigin"]
    assert found["VpcOriginEndpointConfig"]["OriginProtocolPolicy"] == "http-only"
    tags = cloudfront.list_tags_for_resource(Resource=found["Arn"])["Tags"].get("Items", [])
    assert "Name" not in [t["Key"] for t in tags]
    link = api.get_vpc_link(VpcLinkId=before["Link"])
    assert (link["Name"], link["Tags"]) == ("renamed", {"Tier": "dev"})
    kept = api.get_integration(ApiId=stack.id("Api"), IntegrationId=before["Integration"])
    assert (kept["ConnectionId"], kept["TimeoutInMillis"]) == (before["Link"], 5000)
    assert "TlsConfig" not in kept

    template["Link"]["Properties"]["SecurityGroupIds"] = []
    stack.update(template).succeeded()
    assert stack.id("Link") != before["Link"]
    kept = api.get_integration(ApiId=stack.id("Api"), IntegrationId=before["Integration"])
    assert kept["ConnectionId"] == stack.id("Link")
    with pytest.raises(ClientError, match="Invalid VpcLink"):
        api.get_vpc_link(VpcLinkId=before["Link"])
    after = stack.id("Link")
    stack.delete()
    with pytest.raises(ClientError, match="Invalid VpcLink"):
        api.get_vpc_link(VpcLinkId=after)
    with pytest.raises(ClientError, match="does not exist"):
        cloudfront.get_vpc_origin(Id=before["Private"])


def test_what_does_not_exist_is_refused(aws: LocalAws) -> None:
    api = aws.client("apigatewayv2")
    with pytest.raises(ClientError, match="subnet-none"):
        api.create_vpc_link(Name="x", SubnetIds=["subnet-none"])
    made = api.create_api(Name="x", ProtocolType="HTTP")["ApiId"]
    arn = f"arn:aws:elasticloadbalancing:{REGION}:000000000000:listener/app/a/b/c"
    given = {"ApiId": made, "IntegrationType": "HTTP_PROXY", "ConnectionType": "VPC_LINK"}
    with pytest.raises(ClientError, match="Invalid VpcLink"):
        api.create_integration(**given, ConnectionId="none", IntegrationUri=arn)
    gone = api.create_integration(
        ApiId=made, IntegrationType="HTTP_PROXY", IntegrationUri=arn, PayloadFormatVersion="1.0"
    )["IntegrationId"]
    api.create_route(ApiId=made, RouteKey="$default", Target=f"integrations/{gone}")
    api.create_stage(ApiId=made, StageName="$default", AutoDeploy=True)
    assert ask(aws, "/", f"{made}.execute-api.localhost").status == 503
    api.delete_api(ApiId=made)
