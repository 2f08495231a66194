from aws_cdk import App, Stack
from aws_cdk.aws_ec2 import Vpc
from aws_cdk.aws_route53 import PublicHostedZone
from groundplan.core import Environment, Tier
from groundplan.fargate_service import Ingress, WebService
from groundplan.task import Image

app = App()
Environment.define(
    app,
    project="shop",
    name="dev",
    tier=Tier.DEVELOPMENT,
    tags={"Owner": "team-shop", "CostCenter": "4711"},
)
stack = Stack(app, "Services")
zone = PublicHostedZone(stack, "Zone", zone_name="example.com")
WebService(
    stack,
    "Api",
    vpc=Vpc(stack, "Vpc", max_azs=2, nat_gateways=1),  # or Network(…).vpc of groundplan.vpc
    image=Image.placeholder(),  # or Image.from_asset("api"), a folder with a Dockerfile
    ingress=Ingress.public_load_balancer(hostname="api.example.com", zone=zone),
)
app.synth()
