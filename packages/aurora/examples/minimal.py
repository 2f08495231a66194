from aws_cdk import App, Stack
from aws_cdk.aws_ec2 import SubnetConfiguration, SubnetType, Vpc
from groundplan.aurora import AuroraCluster
from groundplan.core import Environment, Tier

app = App()
Environment.define(
    app,
    project="shop",
    name="dev",
    tier=Tier.DEVELOPMENT,
    tags={"Owner": "team-shop", "CostCenter": "4711"},
)
stack = Stack(app, "Data")
isolated = SubnetConfiguration(name="isolated", subnet_type=SubnetType.PRIVATE_ISOLATED)
AuroraCluster(
    stack,
    "Database",
    # or Network(…).vpc of groundplan.vpc
    vpc=Vpc(stack, "Vpc", max_azs=2, nat_gateways=0, subnet_configuration=[isolated]),
)
app.synth()
