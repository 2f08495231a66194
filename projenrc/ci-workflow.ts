import { V } from './versions';

/** `.github/workflows/ci.yml`: a clean machine with Node and Python, and the one script that proves everything. */
export function ciWorkflow() {
  return {
    name: 'ci',
    on: { push: { branches: ['main'] }, pull_request: {} },
    permissions: { contents: 'read' },
    concurrency: { group: 'ci-${{ github.ref }}', 'cancel-in-progress': true },
    jobs: {
      prove: {
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 60,
        strategy: { 'fail-fast': false, matrix: { node: [V.node, '22', '24'], python: ['3.11'] } },
        steps: [
          { uses: 'actions/checkout@v5' },
          { uses: 'actions/setup-node@v5', with: { 'node-version': '${{ matrix.node }}' } },
          { uses: 'actions/setup-python@v6', with: { 'python-version': '${{ matrix.python }}' } },
          { run: 'bash .ci/run' },
          {
            if: 'failure()',
            uses: 'actions/upload-artifact@v5',
            with: {
              name: 'logs-node-${{ matrix.node }}',
              path: '.groundplan/**/*.log\n**/test-report.json\n',
              'include-hidden-files': true,
            },
          },
        ],
      },
    },
  };
}
