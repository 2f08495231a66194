import { Tier } from '@groundplan/core';
import { TemplateGraph } from '@groundplan/graph';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerLogs, ContainerUser, Image, Tag, Telemetry } from '../src';
import { groundIn, scheduledIn } from './environments';
import { table } from './readme-tables';

/** What is acknowledged in a task that has everything, one line for each reason. */
export function findingsTable(): string {
  const ground = groundIn(Tier.PRODUCTION);
  const image = Image.fromRepository(Repository.fromRepositoryName(ground.stack, 'Repository', 'report'), {
    tag: Tag.of('1'),
  });
  const container = {
    user: ContainerUser.root('…'),
    readOnlyRoot: false,
    telemetry: Telemetry.openTelemetry(),
    logs: ContainerLogs.toFireLens({ options: { Name: 'http', Host: 'logs.example.com', tls: 'on' } }),
  };
  const { stack } = scheduledIn(Tier.PRODUCTION, { image, container, environment: { A: 'b' } }, ground);
  const own = TemplateGraph.of(stack)
    .acknowledgements()
    .filter(({ ruleId, path }) => path.startsWith('Jobs/') && !ruleId.startsWith('CloudFormation-Validate::'));
  const reasons = [...new Set(own.map(({ reason }) => reason))];
  return table(
    ['where', 'rules', 'why'],
    reasons.map((reason) => {
      const same = own.filter((one) => one.reason === reason);
      const places = same.map(({ path }) => path.replace(/^Jobs\/Report\/|\/Resource$/g, ''));
      const rules = same.map(({ ruleId }) => `\`${ruleId.replace(/^[^:]+::/, '')}\``);
      return [unique(places), unique(rules), reason];
    }),
  );
}

function unique(values: string[]): string {
  return [...new Set(values)].join(', ');
}
