import { Tier } from '@groundplan/core';
import { AcknowledgedRule, TemplateGraph } from '@groundplan/graph';
import { TIERS, clusterIn } from './clusters';
import { table } from './readme-tables';

/** One reason for which findings are acknowledged. */
interface Acknowledged {
  readonly rules: Set<string>;
  readonly tiers: Set<Tier>;
}

/** What rules find and is acknowledged: a line for each child of a cluster, with the rules and the reasons. */
export function findingsTable(): string {
  const children = new Map<string, Map<string, Acknowledged>>();
  for (const tier of TIERS)
    for (const { ruleId, reason, path } of acknowledgedIn(tier)) {
      const child = path
        .replace(/^Data\/Database\//, '')
        .replace(/\/Resource$/, '')
        .replace(/^Cluster\/(Writer|Reader1)$/, 'each instance');
      const reasons = children.get(child) ?? new Map<string, Acknowledged>();
      const found = reasons.get(reason) ?? { rules: new Set(), tiers: new Set() };
      children.set(child, reasons.set(reason, found));
      found.rules.add(nameOf(ruleId));
      found.tiers.add(tier);
    }
  return table(
    ['on', 'what is found, and why it stays'],
    [...children].map(([child, reasons]) => [
      child.includes(' ') ? child : `\`${child}\``,
      [...reasons].map(([reason, found]) => `${described(found)}: ${reason}`).join('<br>'),
    ]),
  );
}

function acknowledgedIn(tier: Tier): AcknowledgedRule[] {
  const all = TemplateGraph.of(clusterIn(tier).stack).acknowledgements();
  return all.filter(({ ruleId, path }) => path.startsWith('Data/') && !ruleId.startsWith('CloudFormation-Validate::'));
}

/** A rule without its pack, where three packs share it. */
function nameOf(ruleId: string): string {
  return ruleId.replace(/^[^:]*::/, '').replace(/^(NIST\.800\.53\.R5|PCI\.DSS\.321|HIPAA\.Security)-/, '');
}

/** The rules, and where not everywhere: in which tiers. */
function described({ rules, tiers }: Acknowledged): string {
  const names = [...rules].map((rule) => `\`${rule}\``).join(', ');
  return tiers.size < TIERS.length ? `${names} (${[...tiers].join(', ')})` : names;
}
