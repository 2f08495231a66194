import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiReference } from '../src/api-reference';
import { siteLinks } from '../src/links';
import { ROOT, members } from '../src/members';
import { decisions, proofPage } from '../src/overview-pages';
import { snippetsOf } from '../src/snippets';
import { translate } from '../src/translations';

const DOCS = join(__dirname, '..');
const translations = Object.values<{ typescript: string; python?: string }>(
  JSON.parse(readFileSync(join(DOCS, 'generated/translations.json'), 'utf8')),
);

describe('code on the pages', () => {
  test('is translated to what Python can read', () => {
    const python = translations.flatMap((translation) => translation.python ?? []);
    expect(python.length).toBeGreaterThan(10);
    const read = 'import ast, json, sys\nfor code in json.load(sys.stdin): ast.parse(code)';
    const input = JSON.stringify(python);
    execFileSync(process.env.GROUNDPLAN_PYTHON ?? 'python3', ['-c', read], { input, stdio: 'pipe' });
  });

  test.each([
    ['a name that is not there', 'const tier = Tier.NOPE;', 'Cannot find name'],
    ['a value of the wrong type', 'const zones: number = "three";', 'not assignable'],
  ])(
    'fails the build when it has %s, with the place where it stands',
    async (_, source, message) => {
      const failed = translate([{ source, place: 'guide/page.md:12' }], DOCS);
      await expect(failed).rejects.toThrow(message);
      await expect(translate([{ source, place: 'guide/page.md:12' }], DOCS)).rejects.toThrow('guide.page.md:12');
    },
    60_000,
  );

  test('hides what is only there for the compiler', async () => {
    const source = "/// !hide\nconst name = 'shop';\n/// !show\nconst upper = name.length;";
    const { [source]: shown } = await translate([{ source, place: 'guide/page.md:1' }], DOCS);
    expect(shown).toEqual({ typescript: 'const upper = name.length;', python: 'upper = name.length' });
  }, 60_000);

  test('is found with its line, and left alone where it is a fragment', () => {
    const page =
      'Text\n\n```ts\nconst a = 1;\n```\n\n```ts fragment\nconst b\n```\n\n```ts only\nconst c = 1;\n```\n\n```sh\nls\n```\n';
    expect(snippetsOf(page, 'guide/page.md')).toEqual([
      { place: 'guide/page.md:3', source: 'const a = 1;', typescriptOnly: false },
      { place: 'guide/page.md:11', source: 'const c = 1;', typescriptOnly: true },
    ]);
  });
});

test('the app in the first ten minutes is the one that npm start deploys', () => {
  const [app] = snippetsOf(
    readFileSync(join(DOCS, 'guide/first-ten-minutes.md'), 'utf8'),
    'guide/first-ten-minutes.md',
  );
  expect(app.source).toBe(readFileSync(join(ROOT, 'apps/dev/src/main.ts'), 'utf8').trimEnd());
});

describe('links of a README', () => {
  const inVpc = (markdown: string) => siteLinks(markdown, 'packages/vpc/README.md');

  test('lead to the page that shows the file', () => {
    expect(inVpc('[core](../core/README.md)')).toBe('[core](/packages/core)');
    expect(inVpc('[examples/minimal.py](examples/minimal.py)')).toBe('[examples/minimal.py](#minimal-ts)');
    expect(inVpc('[zones](../../docs/decisions/003-zones-are-named.md)')).toBe(
      '[zones](/decisions/003-zones-are-named)',
    );
    expect(inVpc('[the `groundplan` command](../groundplan/README.md)')).toBe(
      '[the `groundplan` command](/packages/groundplan)',
    );
    expect(inVpc('[elsewhere](https://example.com/a)')).toBe('[elsewhere](https://example.com/a)');
  });

  test('are dropped where no page shows the file, and refused where there is none', () => {
    expect(inVpc('[the class](src/network.ts)')).toBe('the class');
    expect(() => inVpc('[gone](src/gone.ts)')).toThrow('packages/vpc/README.md: there is no packages/vpc/src/gone.ts');
  });

  test('stay what they are in a block of code', () => {
    const block = '```\n[core](../core/README.md)\n```';
    expect(inVpc(block)).toBe(block);
  });
});

describe('the API reference', () => {
  const all = members();
  const pages = new Map(all.map(({ name, packageName }) => [packageName, `/packages/${name}`]));
  const lines = apiReference(
    all.find(({ name }) => name === 'vpc')!,
    pages,
  )
    .replace(/<\/?(a|b)\b[^>]*>/g, '')
    .split('\n');

  test('gives Python the fields of the last struct as keyword arguments, and a struct before it as it is', () => {
    expect(lines.find((line) => line.includes('FlowLogs.to_both'))).toContain(
      'FlowLogs.to_both(cloud_watch: CloudWatchFlowLogOptions = None, **s3: S3FlowLogOptions)',
    );
    expect(lines.find((line) => line.includes('Egress.endpoints_only'))).toContain('(*sets: EndpointSet)');
  });

  test('says which structs are keyword arguments: those that come last in a call', () => {
    const noteAfter = (heading: string) =>
      lines
        .slice(lines.findIndex((line) => line.startsWith(`### ${heading} `)))
        .find((line) => /keyword|<dl/.test(line));
    expect(noteAfter('NetworkProps')).toContain('keyword arguments');
    expect(noteAfter('AdditionalTier')).toContain('<dl');
  });

  test('has what is written about each prop, with its default', () => {
    const place = lines.findIndex((line) => line.includes('>spareTiers?: number<'));
    expect(lines[place]).toContain('spare_tiers: int | float = None');
    expect(lines.slice(place, place + 8)).toContain('*Default:* 2');
  });
});

describe('overviews', () => {
  test('what is proved how is the table of the README', () => {
    expect(proofPage()).toContain('| claim | proved by | reaches |');
    expect(proofPage()).toMatch(/not proved here/);
  });

  test('every decision is listed with what made it necessary', () => {
    expect(decisions()[0]).toEqual({
      title: '001 Addresses by slot',
      link: '/decisions/001-addresses-by-slot',
      context: expect.stringMatching(/^`ec2\.Vpc` allocates subnets one after the other.*\.$/),
    });
  });

  test('every package says what it is', () => {
    const silent = members().filter(({ readme }) => /replace this/.test(readme));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
