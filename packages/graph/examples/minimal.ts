import { TemplateGraph } from '@groundplan/graph';
import { App, Stack, aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';

const stack = new Stack(new App(), 'Shop');
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
const database = new rds.DatabaseInstance(stack, 'Database', {
  vpc,
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
});

const graph = TemplateGraph.of(stack);
const paths = graph.pathsFromInternetTo(database);
if (paths.length > 0) throw new Error(paths.map(({ text }) => text).join('\n'));
for (const { source, ports } of graph.whoReaches(database)) console.log(source, ports);
