/** What matters here of a command line of the CDK CLI. */
export interface CdkCommand {
  /** Such as `deploy`. */
  readonly name: string;
  /** Whether it talks to AWS at all. */
  readonly needsAws: boolean;
  /** Whether it changes stacks: it has to wait for a change that is under way. */
  readonly changes: boolean;
  /** The value of `--app`. */
  readonly app?: string;
  /** Options that the synthesis needs as well. */
  readonly context: string[];
}

const CHANGING = ['deploy', 'destroy', 'import', 'rollback', 'refactor', 'watch'];
const READING = ['diff', 'drift'];
const OTHERS = [
  'synth',
  'synthesize',
  'list',
  'ls',
  'bootstrap',
  'metadata',
  'notices',
  'acknowledge',
  'ack',
  'context',
  'docs',
  'doc',
  'doctor',
  'init',
  'migrate',
  'gc',
  'flags',
  'cli-telemetry',
  'orphan',
  'validate',
];

/** Reads a command line; undefined when it is not one of the CDK CLI (`cdk …`, `npx cdk …`, `pnpm exec cdk …`). */
export function readCdkCommand(command: string[]): CdkCommand | undefined {
  const at = command.slice(0, 3).findIndex((word) => /(^|\/)cdk$/.test(word));
  if (at < 0) return undefined;
  const words = command.slice(at + 1);
  const known = new Set([...CHANGING, ...READING, ...OTHERS]);
  const name = words.find((word) => known.has(word)) ?? '';
  const changes = CHANGING.includes(name);
  const [app] = valuesOf(words, '--app', '-a');
  const context = valuesOf(words, '--context', '-c').flatMap((value) => ['--context', value]);
  return { name, needsAws: changes || READING.includes(name), changes, app, context };
}

function valuesOf(words: string[], ...names: string[]): string[] {
  return words.flatMap((word, i) => {
    const [name, ...rest] = word.split('=');
    if (!names.includes(name)) return [];
    return word.includes('=') ? [rest.join('=')] : words.slice(i + 1, i + 2);
  });
}
