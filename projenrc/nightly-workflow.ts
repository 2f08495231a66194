import { setUp } from './workflow';

/** `nightly.yml`: what is too slow for every change. */
export function nightlyWorkflow() {
  const job = (title: string, minutes: number, command: string) => ({
    name: title,
    'runs-on': 'ubuntu-latest',
    'timeout-minutes': minutes,
    steps: [...setUp(), { run: 'npm run setup' }, { run: command }],
  });
  return {
    on: { schedule: [{ cron: '23 2 * * *' }], workflow_dispatch: {} },
    permissions: { contents: 'read' },
    jobs: {
      wheels: job('all tarballs and wheels', 30, 'npm run release:dry -- --if-needed'),
      floor: job('the tests at the floor of aws-cdk-lib', 60, 'npx tsx tools/nightly/test-at-the-floor.ts'),
      languages: job('the sources of Java and Go', 30, 'npx tsx tools/nightly/other-languages.ts'),
    },
  };
}
