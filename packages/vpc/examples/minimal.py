from aws_cdk import App, Stack
from groundplan.core import Environment, Tier
from groundplan.vpc import Network

app = App()
Environment.define(
    app,
    project="shop",
    name="dev",
    tier=Tier.DEVELOPMENT,
    tags={"Owner": "team-shop", "CostCenter": "4711"},
)
Network(Stack(app, "Network"), "Network")
app.synth()
