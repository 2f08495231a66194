import { setImmediate as nextTurn } from 'node:timers/promises';
import { sortOut } from './acknowledgements';
import { Finding, Tool } from './finding';
import { Interpreter, checkEnvironment } from './python';
import { Report } from './report';
import type { Subject } from './subject';
import { cdkNag } from './tools/cdk-nag';
import { cfnLint } from './tools/cfn-lint';
import { checkov } from './tools/checkov';
import { groundplanRules } from './tools/groundplan-rules';
import { cloudFormationValidate, guard } from './tools/validation-plugins';

/** Every tool, in the order of the table. */
export function everyTool(python: Interpreter = once(() => checkEnvironment())): Tool[] {
  return [cloudFormationValidate(), ...cdkNag(), guard(), cfnLint(python), checkov(python), groundplanRules()];
}

/** Runs tools over an app and sorts what they find. A tool that cannot run is an error of the report. */
export async function check(name: string, subject: Subject, tools: Tool[] = everyTool()): Promise<Report> {
  const runs = await Promise.all(tools.map((tool) => run(tool, subject)));
  const silent = runs.filter(({ error }) => error !== undefined).map(({ tool }) => tool);
  const sorted = sortOut(
    runs.flatMap(({ findings }) => findings),
    subject,
    tools,
    silent,
  );
  const count = (list: readonly Finding[], { namespace }: Tool) =>
    list.filter((finding) => finding.namespace === namespace).length;
  return {
    app: name,
    tools: runs.map(({ tool, findings, error }) => ({
      title: tool.title,
      namespace: tool.namespace,
      found: findings.length,
      acknowledged: count(sorted.acknowledged, tool),
      open: count(sorted.open, tool),
      error,
    })),
    ...sorted,
  };
}

interface Run {
  readonly tool: Tool;
  readonly findings: Finding[];
  readonly error?: string;
}

async function run(tool: Tool, subject: Subject): Promise<Run> {
  try {
    // Tools of this process hold it up: those with processes of their own must have started by then.
    if (!tool.ownProcess) await nextTurn();
    const found = await tool.run(subject);
    return { tool, findings: found.map((finding) => ({ namespace: tool.namespace, ...finding })) };
  } catch (error) {
    return { tool, findings: [], error: error instanceof Error ? error.message : String(error) };
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
