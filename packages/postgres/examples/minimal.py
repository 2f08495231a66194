from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk.aws_ec2 import Vpc
from groundplan.core import Environment, Tier
from groundplan.postgres import Grants, PostgresInstance

app = App()
environment = Environment.define(
    app,
    project="shop",
    name="dev",
    tier=Tier.DEVELOPMENT,
    account="111111111111",
    region="eu-central-1",
    tags={"Owner": "team-shop", "CostCenter": "4711"},
)
stack = Stack(app, "Data", env=environment.target)
# A network that somebody else made, or Network(…).vpc of groundplan.vpc.
vpc = Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id="vpc-0123456789abcdef0",
    availability_zones=["eu-central-1a", "eu-central-1b"],
    private_subnet_ids=["subnet-0a", "subnet-0b"],
    isolated_subnet_ids=["subnet-0c", "subnet-0d"],
)
database = PostgresInstance(stack, "Database", vpc=vpc)
database.add_user("shop", grants=Grants.read_write())
migrations = Path(__file__).parent / "migrations"
if migrations.exists():
    database.migrate(directory=str(migrations))
app.synth()
