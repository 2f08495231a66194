from aws_cdk import App, Stack, aws_ec2 as ec2, aws_rds as rds
from groundplan.graph import TemplateGraph

stack = Stack(App(), "Shop")
vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
database = rds.DatabaseInstance(
    stack,
    "Database",
    vpc=vpc,
    engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16),
)

graph = TemplateGraph.of(stack)
for path in graph.paths_from_internet_to(database):
    print(path.text)
for row in graph.who_reaches(database):
    print(row.source, row.ports)
