import { Tier } from '@groundplan/core';
import { AcknowledgedRule, TemplateGraph } from '@groundplan/graph';
import { Grants, MasterUser, Pooling } from '../src';
import { table } from './readme-tables';
import { TIERS, groundIn, instanceOn } from './standing';

/** One reason for which findings are acknowledged. */
interface Acknowledged {
  readonly rules: Set<string>;
  readonly tiers: Set<Tier>;
}

/** What rules find and is acknowledged: a line for each child of a database, with the rules and the reasons. */
export function findingsTable(): string {
  const children = new Map<string, Map<string, Acknowledged>>();
  for (const tier of TIERS)
    for (const { ruleId, reason, path } of acknowledgedIn(tier)) {
      const child = path.replace(/^Data\/\w+\//, '').replace(/\/Resource$/, '');
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

/** An instance with users and migrations, one with a copy, and one behind each pool. */
function acknowledgedIn(tier: Tier): AcknowledgedRule[] {
  const ground = groundIn(tier);
  const database = instanceOn(ground);
  database.addUser('app', { grants: Grants.readWrite() });
  database.migrate({});
  instanceOn(ground, { readReplicas: 1, master: MasterUser.generated() }, 'Copied');
  instanceOn(ground, { pooling: Pooling.rdsProxy() }, 'Proxied');
  instanceOn(ground, { pooling: Pooling.pgBouncer() }, 'Bounced');
  const all = TemplateGraph.of(ground.stack).acknowledgements();
  return all.filter(({ ruleId, path }) => path.startsWith('Data/') && !ruleId.startsWith('CloudFormation-Validate::'));
}

/** A rule without its pack, where three packs share it, and without the ids of the constructs above. */
function nameOf(ruleId: string): string {
  return ruleId
    .replace(/^[^:]*::/, '')
    .replace(/^(NIST\.800\.53\.R5|PCI\.DSS\.321|HIPAA\.Security)-/, '')
    .replace(/<(?:Database|Copied|Proxied|Bounced)(\w+?)[0-9A-F]{8}(\.Arn)?>/g, '<$1>');
}

/** The rules, and where not everywhere: in which tiers. */
function described({ rules, tiers }: Acknowledged): string {
  const names = [...rules].map((rule) => `\`${rule}\``).join(', ');
  return tiers.size < TIERS.length ? `${names} (${[...tiers].join(', ')})` : names;
}
