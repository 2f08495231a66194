import { ACTIONS } from './versions';
import { NEWEST_NODE, setUp } from './workflow';

const RELEASE = '.groundplan/release';
const VERSION = '${{ needs.build.outputs.version }}';

/**
 * `release.yml`: proves, builds, and publishes what was built.
 *
 * What builds may not publish, and what may publish builds and installs nothing: it takes the files of the build job. No
 * token is stored anywhere; npm and PyPI trust this workflow by its name (trusted publishing) and sign where the files
 * came from.
 */
export function releaseWorkflow() {
  const download = { uses: ACTIONS.downloadArtifact.uses, with: { name: 'release', path: 'release' } };
  return {
    on: {
      workflow_dispatch: {
        inputs: { version: { description: 'instead of the one that the commits ask for', type: 'string' } },
      },
    },
    permissions: {},
    concurrency: { group: 'release', 'cancel-in-progress': false },
    jobs: {
      build: {
        if: "github.ref == 'refs/heads/main'",
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 60,
        permissions: { contents: 'read' },
        outputs: { version: '${{ steps.built.outputs.version }}' },
        steps: [
          ...setUp(),
          { name: 'Prove', run: 'bash .ci/run' },
          {
            name: 'Bump, build, check',
            id: 'built',
            env: { VERSION: '${{ inputs.version }}' },
            run: [
              'npm run release:dry -- ${VERSION:+--version "$VERSION"}',
              `version=$(node -p "require('./${RELEASE}/release.json').version")`,
              'echo "version=$version" >> "$GITHUB_OUTPUT"',
              `cat ${RELEASE}/NOTES.md >> "$GITHUB_STEP_SUMMARY"`,
            ].join('\n'),
          },
          {
            uses: ACTIONS.uploadArtifact.uses,
            with: { name: 'release', path: RELEASE, 'include-hidden-files': true, 'if-no-files-found': 'error' },
          },
        ],
      },
      npm: {
        needs: 'build',
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 15,
        environment: 'npm',
        permissions: { contents: 'read', 'id-token': 'write' },
        steps: [
          { uses: ACTIONS.checkout.uses, with: { 'persist-credentials': false } },
          {
            uses: ACTIONS.setupNode.uses,
            with: {
              'node-version': NEWEST_NODE,
              'registry-url': 'https://registry.npmjs.org',
              'package-manager-cache': false,
            },
          },
          download,
          // in dependency order, with provenance; Node.js runs TypeScript by itself, so nothing is installed
          { run: 'node tools/release/publish.ts release' },
        ],
      },
      pypi: {
        // after npm: a wheel carries its npm package, and the first thing that fails should be the one that is repeated
        needs: ['build', 'npm'],
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 15,
        environment: 'pypi',
        permissions: { 'id-token': 'write' },
        steps: [
          download,
          {
            uses: ACTIONS.publishToPypi.uses,
            with: { 'packages-dir': 'release/python', 'skip-existing': true, attestations: true },
          },
        ],
      },
      github: {
        needs: ['build', 'npm', 'pypi'],
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': 15,
        permissions: { contents: 'write' },
        steps: [
          download,
          {
            name: 'Tag and GitHub release',
            env: { GH_TOKEN: '${{ github.token }}', GH_REPO: '${{ github.repository }}', VERSION },
            run: [
              'gh release create "v$VERSION" --target "$GITHUB_SHA" --title "$VERSION" --notes-file release/NOTES.md \\',
              '  release/npm/* release/python/* release/LICENCES.md release/release.json',
            ].join('\n'),
          },
        ],
      },
    },
  };
}
