import { Tier } from '@groundplan/core';
import { AcknowledgedRule, TemplateGraph } from '@groundplan/graph';
import { ContainerLogs, ContainerSecret, Image, Telemetry } from '@groundplan/task';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Deployment, DeploymentHook, Repository, WorkerService } from '../src';
import { table } from './readme-tables';
import { Ground, INGRESSES, KINDS, TIERS, groundIn, serviceOn } from './services';

/** One reason for which findings are acknowledged. */
interface Acknowledged {
  readonly rules: Set<string>;
  readonly tiers: Set<Tier>;
}

/** What rules find and is acknowledged: a line for each child of a service, with the rules and the reasons. */
export function findingsTable(): string {
  const children = new Map<string, Map<string, Acknowledged>>();
  for (const tier of TIERS)
    for (const { ruleId, reason, path } of acknowledgedIn(tier)) {
      const child = path.split('/')[2].replace(/^Deployment\w+/, 'Deployment…');
      const reasons = children.get(child) ?? new Map<string, Acknowledged>();
      const found = reasons.get(reason) ?? { rules: new Set(), tiers: new Set() };
      children.set(child, reasons.set(reason, found));
      found.rules.add(nameOf(ruleId));
      found.tiers.add(tier);
    }
  return table(
    ['on', 'what is found, and why it stays'],
    [...children].map(([child, reasons]) => [
      `\`${child}\``,
      [...reasons].map(([reason, found]) => `${described(found)}: ${reason}`).join('<br>'),
    ]),
  );
}

/** What is acknowledged in an app that has everything: every ingress, a smoke hook, a worker, a repository. */
function acknowledgedIn(tier: Tier): AcknowledgedRule[] {
  const ground = groundIn(tier);
  for (const [i, kind] of KINDS.entries()) serviceOn(ground, { ingress: INGRESSES[kind](ground) }, `Of${i}`);
  const smoke = DeploymentHook.smoke([{ path: '/' }]);
  for (const kind of ['a public load balancer', 'an internal load balancer'])
    serviceOn(
      ground,
      { ingress: INGRESSES[kind](ground), deployment: Deployment.blueGreen({ hooks: [smoke] }) },
      `Shifting${KINDS.indexOf(kind)}`,
    );
  const { stack, network } = ground;
  const logs = ContainerLogs.toFireLens({ options: { Name: 'http', Host: 'logs.example.com', tls: 'on' } });
  new WorkerService(stack, 'Worker', {
    vpc: network.vpc,
    image: Image.placeholder(),
    secrets: { KEY: ContainerSecret.fromSecret(Secret.fromSecretNameV2(stack, 'Key', 'shop/key')) },
    container: { telemetry: Telemetry.openTelemetry(), logs },
  });
  new Repository(stack, 'Images');
  return acknowledgementsOf(ground);
}

function acknowledgementsOf({ stack }: Ground): AcknowledgedRule[] {
  const all = TemplateGraph.of(stack).acknowledgements();
  return all.filter(({ ruleId, path }) => /^Services\//.test(path) && !ruleId.startsWith('CloudFormation-Validate::'));
}

/** A rule without its pack where three packs share it, and without the ids of the services above. */
function nameOf(ruleId: string): string {
  return ruleId
    .replace(/^[^:]*::/, '')
    .replace(/^(NIST\.800\.53\.R5|PCI\.DSS\.321|HIPAA\.Security)-/, '')
    .replace(/<(Of\d|Shifting\d|Worker|Edge)(\w+?)[0-9A-F]{8}>/g, '<$2>');
}

/** The rules, and where not everywhere: in which tiers. */
function described({ rules, tiers }: Acknowledged): string {
  const names = [...rules].map((rule) => `\`${rule}\``).join(', ');
  return tiers.size < TIERS.length ? `${names} (${[...tiers].join(', ')})` : names;
}
