import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Released } from './packages';

const NOTHING = 'No change: released with its siblings.';

/**
 * Writes the CHANGELOG.md of a package into the release tree, from the conventional commits that touched its folder.
 *
 * All releases, every time: nothing has to be committed back for the next one. Answers the part about this release.
 */
export async function writeChangelog(root: string, tree: string, released: Released, version: string): Promise<string> {
  const { folder, manifest } = released;
  const text = await render(root, folder, version, 0);
  const latest = (await render(root, folder, version, 1)).trim();
  writeFileSync(join(tree, folder, 'CHANGELOG.md'), `# ${manifest.name}\n\n${text.trim() || NOTHING}\n`);
  const [heading, ...body] = latest.split('\n');
  return [heading, body.join('\n').trim() || NOTHING].join('\n\n');
}

async function render(root: string, folder: string, version: string, releaseCount: number): Promise<string> {
  const { ConventionalChangelog } = await import('conventional-changelog');
  const { default: preset } = await import('conventional-changelog-conventionalcommits');
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const changelog = new ConventionalChangelog(root)
    .config(preset({}))
    .package(manifest)
    .repository(manifest.repository.url)
    .context({ version })
    .options({ releaseCount })
    .tags({ prefix: 'v' })
    .commits({ path: folder, merges: false });
  let text = '';
  for await (const part of changelog.write()) text += part;
  return text;
}
