import { TemplateGraph } from '@groundplan/graph';
import { App, Stack, aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';

const stack = new Stack(new App(), 'Shop');
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
const database = new rds.DatabaseInstance(stack, 'Database', {
  vpc,
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
});

const graph = TemplateGraph.of(stack);
for (const path of graph.pathsFromInternetTo(database)) {
  console.log(path.text);
}
for (const row of graph.whoReaches(database)) {
  console.log(row.source, row.ports);
}
