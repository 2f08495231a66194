import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Postgres } from './find-postgres';

export type SettingValue = string | number | boolean;

/** What stands for the whole life of a server and is not for its settings to change. */
const OURS =
  /^(listen_addresses|port|ssl(_.*)?|(hba|ident|config)_file|data_directory|external_pid_file|unix_socket_.*|logging_collector|log_(destination|directory|filename)|lc_messages|restart_after_crash|archive_.*|restore_command)$/;
/** Prefixes of what only Amazon's servers know; any other prefix belongs to an extension and is accepted by PostgreSQL. */
const OF_AMAZON = /^(rds|aurora|apg)[._]/;
/** `{DBInstanceClassMemory/32768}`, `GREATEST(…)`: worked out from the size of a machine that is not there. */
const FORMULA = /\{|^(GREATEST|LEAST|SUM)\(/;

/**
 * The settings that this PostgreSQL understands.
 *
 * Parameter groups hold what only RDS knows, and name libraries that only RDS has: a server that would not start for them
 * helps nobody.
 *
 * @param note is told what is left out, and why
 */
export function understoodSettings(
  settings: Record<string, SettingValue>,
  postgres: Postgres,
  note: (text: string) => void,
): Record<string, string> {
  const known = knownSettings(postgres);
  const understood: Record<string, string> = {};
  for (const [name, given] of Object.entries(settings)) {
    const value = typeof given === 'boolean' ? (given ? 'on' : 'off') : String(given);
    const reason = reasonToLeaveOut(name.toLowerCase(), value, known, postgres);
    if (reason) note(`the setting ${name} = "${value}" is left out: ${reason}`);
    else if (name.toLowerCase() === 'shared_preload_libraries') {
      const libraries = availableLibraries(value, postgres, note);
      if (libraries.length > 0) understood[name] = libraries.join(',');
    } else understood[name] = value;
  }
  return understood;
}

function reasonToLeaveOut(name: string, value: string, known: Set<string>, { version }: Postgres): string | undefined {
  if (OF_AMAZON.test(name)) return 'only Amazon’s servers know it';
  if (OURS.test(name)) return 'it is set by whoever starts the server';
  if (!known.has(name) && !/^[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)+$/.test(name))
    return `PostgreSQL ${version} does not know it`;
  if (FORMULA.test(value)) return 'it is worked out from the size of an instance, and there is none';
  return undefined;
}

/** The name of everything that may stand in a configuration file. */
function knownSettings({ folder }: Postgres): Set<string> {
  const { stdout } = spawnSync(path.join(folder, 'postgres'), ['--describe-config'], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  return new Set(stdout.split('\n').map((line) => line.split('\t')[0]));
}

function availableLibraries(value: string, postgres: Postgres, note: (text: string) => void): string[] {
  const folder = libraryFolder(postgres);
  const wanted = value.split(',').map((name) => name.trim().replace(/^["']|["']$/g, ''));
  return wanted.filter((name) => {
    // Where it cannot be told what is there, PostgreSQL will tell.
    if (folder === undefined || ['.so', '.dylib'].some((suffix) => fs.existsSync(path.join(folder, name + suffix))))
      return name !== '';
    if (name)
      note(
        `the library ${name} of shared_preload_libraries is left out: PostgreSQL ${postgres.version} has none in ${folder}`,
      );
    return false;
  });
}

function libraryFolder({ folder }: Postgres): string | undefined {
  const { status, stdout } = spawnSync(path.join(folder, 'pg_config'), ['--pkglibdir'], { encoding: 'utf8' });
  const said = status === 0 ? [stdout.trim()] : [];
  const usual = [path.join(folder, '..', 'lib', 'postgresql'), path.join(folder, '..', 'lib')];
  return [...said, ...usual].find(
    (place) =>
      fs.existsSync(path.join(place, 'dict_snowball.so')) || fs.existsSync(path.join(place, 'dict_snowball.dylib')),
  );
}
