import * as fs from 'fs';
import * as path from 'path';
import { findPgBouncer } from '../src';
import { temporaryFolder } from './temporary-folder';

/** A folder with programs of shell, and what may be entered by whoever runs them. */
function programs(scripts: Record<string, string>): string {
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o755);
  for (const [name, script] of Object.entries(scripts))
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

const pgbouncer = (version: string) =>
  programs({ pgbouncer: `echo "PgBouncer ${version}"; echo "libevent 2.1.12-stable"` });

function system(text: string): string {
  const file = path.join(temporaryFolder(), 'os-release');
  fs.writeFileSync(file, text);
  return file;
}

const UBUNTU = 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nID=ubuntu\nID_LIKE=debian\n';
const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n';

/** On a system that nothing can be brought to unless said otherwise, with nothing but these folders on PATH. */
function find(folders: string[], osRelease = UBUNTU, engines = temporaryFolder()) {
  fs.chmodSync(engines, 0o755);
  const env = { ...process.env, PATH: folders.join(path.delimiter), GROUNDPLAN_ENGINES: engines };
  return findPgBouncer({ env, osRelease: system(osRelease) });
}

const onLinux = process.platform === 'linux' ? test : test.skip;

test.each(['1.21.0', '1.24.1', '2.0.0'])('what is on PATH comes first when it is new enough: %s', async (version) => {
  const folder = pgbouncer(version);
  await expect(find([folder], DEBIAN)).resolves.toEqual({ version, command: [path.join(folder, 'pgbouncer')] });
});

test('what is too old on PATH is passed over, for a newer one behind it too', async () => {
  const newer = pgbouncer('1.25.0');
  await expect(find([pgbouncer('1.18.0'), newer])).resolves.toMatchObject({ command: [path.join(newer, 'pgbouncer')] });
});

onLinux(
  'what is too old, and the system that nothing can be brought to, are named together with what to do',
  async () => {
    const folder = pgbouncer('1.20.1');
    await expect(find([folder])).rejects.toThrow(
      `there is no PgBouncer 1.21.0 or newer: on PATH is 1.20.1 (${folder}/pgbouncer), which is too old, and it cannot be brought from ` +
        'Debian (this is Ubuntu 22.04.5 LTS and not Debian); install it (Debian 13 and Ubuntu 24.04, or newer: apt install pgbouncer; ' +
        'macOS: brew install pgbouncer) and put the folder of its "pgbouncer" on PATH (Debian and Ubuntu: /usr/sbin)',
    );
  },
);

onLinux('a Debian without apt, and what does not run at all, are said as well', async () => {
  const broken = programs({ pgbouncer: 'echo "cannot open shared object file" >&2; exit 127' });
  await expect(find([broken], DEBIAN)).rejects.toThrow(
    /none is on PATH, .* \(there is no apt-get on PATH\); install it/,
  );
});

const onDebian = fs.existsSync('/usr/share/keyrings/debian-archive-keyring.gpg') ? describe : describe.skip;

onDebian('from Debian', () => {
  const TOOLS = '/usr/bin:/bin';
  /** An apt that has a mirror, and of which everything else goes wrong with these words, or is done by this script. */
  const apt = (targets: string[], rest: string, calls = '/dev/null') =>
    programs({
      'apt-config':
        'echo \'Acquire::http::Proxy "http://proxy:3128";\'; echo \'APT::Update::Post-Invoke:: "rm -rf /";\'',
      'apt-get': `echo "$@" >> ${calls}
if [ "$1" = indextargets ]; then
${targets.map((target) => `echo '${target}'`).join('\n')}
exit 0
fi
cat "$APT_CONFIG" "$(dirname "$APT_CONFIG")/sources.list" >> ${calls}
${rest}`,
      'dpkg-deb': 'exit 2',
    });
  const TARGETS = [
    'http://security.example/debian-security/|bookworm/updates|Debian|Debian-Security|main',
    'http://security.example/debian-security/|bookworm-security|Debian|Debian|main',
    'http://mirror.example/debian/|bookworm-updates|Debian|Debian|main',
    'http://else.example/debian/|bookworm|Else|Else|main',
    'http://mirror.example/debian/|bookworm|Debian|Debian|contrib',
    'http://mirror.example/debian/|bookworm|Debian|Debian|main',
  ];

  test('a download that fails says why, asks the mirror of Debian itself alone, and leaves nothing', async () => {
    const engines = temporaryFolder();
    const calls = path.join(temporaryFolder(), 'calls');
    const folder = apt(TARGETS, 'echo "E: the mirror is on holiday" >&2; exit 100', calls);
    await expect(find([folder, TOOLS], DEBIAN, engines)).rejects.toThrow(
      /^could not bring pgbouncer from http:\/\/mirror\.example\/debian\/:\nE: the mirror is on holiday\nNothing half-made is left/,
    );
    expect(fs.readdirSync(engines)).toEqual([]);
    const said = fs.readFileSync(calls, 'utf8');
    expect(said).toMatch(
      /^deb \[signed-by=\/usr\/share\/keyrings\/.*\] http:\/\/mirror\.example\/debian\/ trixie main$/m,
    );
    expect(said).not.toMatch(/security\.example|else\.example/);
  });

  test('apt is told how the machine reaches a mirror, and to run nothing of the machine and to change nothing of it', async () => {
    const calls = path.join(temporaryFolder(), 'calls');
    await expect(find([apt(TARGETS, 'exit 100', calls), TOOLS], DEBIAN)).rejects.toThrow(/could not bring/);
    const said = fs.readFileSync(calls, 'utf8');
    expect(said).toContain('Acquire::http::Proxy "http://proxy:3128";');
    expect(said).not.toContain('Post-Invoke');
    for (const name of ['Dir::State', 'Dir::Cache', 'Dir::Etc::sourcelist'])
      expect(said).toMatch(new RegExp(`^${name} ".*\\.unfinished-.*";$`, 'm'));
    for (const name of ['parts', 'sourceparts', 'preferences', 'preferencesparts'])
      expect(said).toContain(`Dir::Etc::${name} "/dev/null";`);
  });

  test('an archive that cannot be extracted is not taken for PgBouncer', async () => {
    const engines = temporaryFolder();
    const folder = apt(TARGETS, 'if [ "$2" = download ]; then touch half.deb; fi');
    await expect(find([folder, TOOLS], DEBIAN, engines)).rejects.toThrow(
      /could not bring pgbouncer from http:\/\/mirror/,
    );
    expect(fs.readdirSync(engines)).toEqual([]);
  });

  test('apt that was never updated knows its mirror by its sources; one without a mirror is said', async () => {
    const unknown = ['http://fresh.example/debian/|bookworm|$(ORIGIN)|$(LABEL)|main'];
    await expect(find([apt(unknown, 'exit 100'), TOOLS], DEBIAN)).rejects.toThrow(
      /from http:\/\/fresh\.example\/debian\//,
    );
    await expect(find([apt([], 'exit 100'), TOOLS], DEBIAN)).rejects.toThrow(
      /no mirror of Debian among the sources of apt/,
    );
  });
});
