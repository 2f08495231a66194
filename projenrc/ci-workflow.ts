import { ACTIONS, V } from './versions';
import { PYTHON, setUp } from './workflow';

/** `ci.yml`: what a pull request affects; on main, the one script that proves everything. */
export function ciWorkflow() {
  return {
    on: { push: { branches: ['main'] }, pull_request: {} },
    permissions: { contents: 'read' },
    concurrency: { group: 'ci-${{ github.ref }}', 'cancel-in-progress': true },
    jobs: {
      affected: {
        if: "github.event_name == 'pull_request'",
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 45,
        steps: [
          ...setUp(),
          POOLER,
          { run: 'npm run setup' },
          { name: 'Generated files', run: 'npm run default && git diff --exit-code' },
          { name: 'Lint', run: 'npm run lint && npm run check && npx knip' },
          {
            name: 'Compile, test, docs',
            run: 'npx nx affected -t compile test docs',
            env: { NX_BASE: '${{ github.event.pull_request.base.sha }}' },
          },
          // Packages carry a version, and this is what gives them one.
          { name: 'Package', run: 'npm run release:dry -- --if-needed' },
          logs('affected'),
        ],
      },
      prove: {
        if: "github.event_name == 'push'",
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 60,
        strategy: { 'fail-fast': false, matrix: { node: [V.node, '22', '24'], python: [PYTHON] } },
        steps: [
          ...setUp('${{ matrix.node }}', '${{ matrix.python }}'),
          POOLER,
          { run: 'bash .ci/run' },
          { name: 'Docs', run: 'npx nx run-many -t docs' },
          { name: 'Package', run: 'npm run release:dry -- --if-needed' },
          logs('node-${{ matrix.node }}'),
        ],
      },
    },
  };
}

/** What `engines` brings by itself on Debian alone. */
const POOLER = { name: 'PgBouncer', run: 'sudo apt-get update && sudo apt-get install --yes pgbouncer' };

function logs(name: string) {
  return {
    if: 'failure()',
    uses: ACTIONS.uploadArtifact.uses,
    with: {
      name: `logs-${name}`,
      path: '.groundplan/**/*.log\n**/test-report.json\n',
      'include-hidden-files': true,
    },
  };
}
