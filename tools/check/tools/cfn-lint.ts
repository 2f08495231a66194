import { RawFinding, Tool } from '../finding';
import { Interpreter, runPython } from '../python';
import type { CheckedTemplate, Subject } from '../subject';

/** The part of cfn-lint's JSON that is read here. */
interface Match {
  readonly Filename: string | null;
  readonly Location: { readonly Path: (string | number)[] | null };
  readonly Message: string;
  readonly Rule: { readonly Id: string; readonly ShortDescription: string; readonly Source: string };
}

/** What cfn-lint checks against where a stack takes its region from whoever deploys it. */
const ANY_REGION = 'us-east-1';

/** Entry points of a virtual environment name the folder that it was built in, which was another one. */
const PROGRAM = ['-c', 'import sys; from cfnlint.runner import main; sys.exit(main())'];

/** AWS's linter of templates, errors and warnings, for the region that each stack stands in. */
export function cfnLint(python: Interpreter): Tool {
  return {
    title: 'cfn-lint',
    namespace: 'cfn-lint',
    ownProcess: true,
    run: async (subject) => {
      const found: RawFinding[] = [];
      for (const [region, templates] of byRegion(subject.templates))
        found.push(...(await lint(subject, python, region, templates)));
      return found;
    },
  };
}

async function lint(
  subject: Subject,
  python: Interpreter,
  region: string,
  templates: readonly CheckedTemplate[],
): Promise<RawFinding[]> {
  const files = templates.map(({ file }) => file);
  // Mandatory: otherwise a resource's metadata could switch a rule off, without a reason and without a trace.
  const flags = ['--format', 'json', '--regions', region, '--mandatory-checks', 'E', 'W', '--template', ...files];
  const matches = (await runPython('cfn-lint', python, [...PROGRAM, ...flags])) as Match[];
  return matches.map(({ Filename, Location, Message, Rule }) => {
    const [section, logicalId, ...rest] = (Location.Path ?? []).map(String);
    return {
      rule: Rule.Id,
      path: subject.pathOf(Filename ?? files[0], section === 'Resources' ? logicalId : undefined),
      message: rest.length > 0 ? `${rest.join('/')}: ${Message}` : Message,
      fix: `${Rule.ShortDescription}: ${Rule.Source}`,
    };
  });
}

function byRegion(templates: readonly CheckedTemplate[]): Map<string, CheckedTemplate[]> {
  const groups = new Map<string, CheckedTemplate[]>();
  for (const template of templates) {
    const region = template.region ?? ANY_REGION;
    groups.set(region, [...(groups.get(region) ?? []), template]);
  }
  return groups;
}
