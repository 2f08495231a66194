from aws_cdk import App, Stack, Tags
from aws_cdk.aws_kms import Alias
from aws_cdk.aws_sns import Topic
from groundplan.rules import GroundplanRules

app = App()
GroundplanRules.add_to(app, required_tags=["Owner", "CostCenter"])

stack = Stack(app, "Orders")
Tags.of(stack).add("Owner", "team-shop")
Tags.of(stack).add("CostCenter", "4711")

Topic(stack, "Placed", master_key=Alias.from_alias_name(stack, "Key", "alias/aws/sns"))

app.synth()
