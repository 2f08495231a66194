import { Certainty, Reach, ReachKind } from '@groundplan/graph';
import { Severity } from '../../finding';
import { PUBLIC_INGRESS } from '../notes';
import { isAtOrBelow } from '../paths';
import type { CheckedAssembly, Objection, Rule } from '../rule';

export const noUndeclaredPublicIngress: Rule = {
  id: 'NoUndeclaredPublicIngress',
  demands: 'Whatever the internet can ask directly is declared as public ingress.',
  because: 'An entry that nobody meant is how systems are broken into; one that is declared has a reason and an owner.',
  check: (assembly) => {
    const declared = assembly.graph.metadata(PUBLIC_INGRESS).map(({ path }) => path);
    const isDeclared = (path: string) => declared.some((above) => isAtOrBelow(path, above));
    const entries = assembly.graph
      .reach()
      .filter(({ kind, through }) => kind === ReachKind.INTERNET && through.length === 0)
      .filter(({ target }) => !isDeclared(target));
    return [...byTarget(entries).values()].map((rows) => objection(assembly, rows));
  },
};

function objection(assembly: CheckedAssembly, rows: readonly Reach[]): Objection {
  const certain = rows.filter(({ certainty }) => certainty === Certainty.CERTAIN);
  const counted = certain.length > 0 ? certain : rows;
  const { target, targetType } = rows[0];
  const ways = counted.map(
    ({ source, ports, allowedBy }) => `${source} on ${ports.join(', ')} by ${allowedBy.join(', ')}`,
  );
  const unknowns = [...new Set(counted.flatMap(({ unknowns: reasons }) => reasons))];
  const reachable = certain.length > 0 ? 'is reachable' : 'may be reachable';
  return {
    resource: assembly.graph.at(target),
    severity: certain.length > 0 ? Severity.ERROR : Severity.WARNING,
    message:
      `${target} (${targetType}) ${reachable} from the internet, and nobody declared it: ${ways.join('; ')}.` +
      (certain.length > 0 ? '' : ` Not known: ${unknowns.join('; ')}.`),
    fix: "Close it (a narrower rule, a private subnet, an internal balancer), or declare it where it is made: PublicIngress.declare(construct, 'why').",
  };
}

function byTarget(rows: readonly Reach[]): Map<string, Reach[]> {
  const targets = new Map<string, Reach[]>();
  for (const row of rows) targets.set(row.target, [...(targets.get(row.target) ?? []), row]);
  return targets;
}
