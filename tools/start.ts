import { spawn } from 'child_process';
import * as path from 'path';
import { ExpectedFailure, LocalAws, bootstrap, readAssembly } from '@groundplan/local';
import { readReport } from '../packages/groundplan/src/local/status/report';
import { renderReport } from '../packages/groundplan/src/local/status/render';
import { startStep } from '../packages/groundplan/src/local/up/start';
import { runSteps } from '../packages/groundplan/src/steps';

const ROOT = path.join(__dirname, '..');
const ASSEMBLY = path.join(ROOT, 'apps', 'dev', 'cdk.out');

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** `npm start`: a local AWS with the dev app in it, and what stands there now. */
async function main(): Promise<void> {
  const begun = Date.now();
  const aws = new LocalAws();
  let unchanged = false;
  const synthesize = async (say: (line: string) => void) => void (await nx(['run', 'dev:synth'], say));
  await runSteps([startStep(aws), { title: 'Synthesize the dev app', work: synthesize }], { concurrent: true });
  await runSteps([
    {
      title: 'Bootstrap',
      work: async (say) => {
        const done = await bootstrap(aws, readAssembly(ASSEMBLY), say);
        return done.map(({ account, region }) => `${account}/${region}`).join(', ') || 'was done before';
      },
    },
    {
      title: 'Deploy the dev app with the CDK CLI',
      work: async (say) => {
        const stacks = deployedStacks(await nx(['run', 'dev:deploy', '--configuration=local'], say));
        unchanged = stacks.length > 0 && stacks.every((stack) => stack.endsWith('(no changes)'));
        return unchanged ? 'nothing changed' : stacks.join(', ');
      },
    },
  ]);
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  console.log(`\n${renderReport(await readReport(aws))}\n`);
  console.log(unchanged ? `Nothing changed (${seconds} s).` : `Deployed in ${seconds} s.`);
  console.log(NEXT);
}

const NEXT = `
Try next:
  npm start                                           again: nothing changes
  npx nx run dev:diff --configuration=local           after an edit of apps/dev/src/main.ts
  npx nx run staging:deploy --configuration=local     another account beside this one
  npm run groundplan -- local status                  what stands, at any time
  npm run groundplan -- local down                    the end of it`;

/** What the CDK CLI itself says of each stack: "✅  Network", "✅  Network (no changes)". */
function deployedStacks(output: string): string[] {
  return [...output.matchAll(/✅\s+(.+)/g)].map(([, stack]) => stack.trim());
}

const SUMMARY = /^ NX +(Successfully|Ran)/m;

/** Runs Nx and tells each line; answers all of them. */
function nx(args: string[], say: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(ROOT, 'node_modules', '.bin', 'nx'), args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const interrupted = () => child.kill('SIGINT');
    process.once('exit', interrupted);
    let output = '';
    const tell = (chunk: string) => {
      const told = SUMMARY.test(output); // what Nx adds in the end is about Nx
      output += chunk;
      if (!told) for (const line of chunk.split(SUMMARY)[0].split('\n')) if (line.trim()) say(line.trimEnd());
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', tell);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', interrupted);
      if (code === 0) return resolve(output);
      const command = `nx ${args.join(' ')}`;
      return reject(new ExpectedFailure(`"${command}" ended with ${code}:\n${output.trimEnd()}`, 1));
    });
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof ExpectedFailure ? `error: ${error.message}` : error);
  process.exit(error instanceof ExpectedFailure ? error.exitCode : 1); // and with it whatever else is under way
});
