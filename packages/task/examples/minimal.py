from aws_cdk import App, Stack
from aws_cdk.aws_ec2 import Vpc
from groundplan.core import Environment, Tier
from groundplan.task import Image, OneOffTask

app = App()
Environment.define(
    app,
    project="shop",
    name="dev",
    tier=Tier.DEVELOPMENT,
    tags={"Owner": "team-shop", "CostCenter": "4711"},
)
stack = Stack(app, "Jobs")
OneOffTask(stack, "Backfill", vpc=Vpc(stack, "Vpc"), image=Image.placeholder())
app.synth()
