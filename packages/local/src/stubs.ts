import * as fs from 'fs';
import { LocalAws } from './local-aws';

/** A resource that the provider pack stands for. */
export interface LedgerEntry {
  /** `bridge` calls the emulator's own API, `wrap` completes the native handler, `stub` has nothing behind it. */
  readonly kind: 'bridge' | 'wrap' | 'stub';
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** What is not proved by it, or was assumed for it. */
  readonly note?: string;
}

/** The resources that still exist and are names and attributes only: a green deployment proves nothing about them. */
export function stubs(aws: LocalAws): LedgerEntry[] {
  return readLedger(aws.files.ledger).filter(({ kind }) => kind === 'stub');
}

/** The resources of which something is to be said: kept and not acted on, or taken as given. */
export function notes(aws: LocalAws): LedgerEntry[] {
  return readLedger(aws.files.ledger).filter(({ note }) => note !== undefined);
}

/** What exists of all that the provider pack made: its ledger, replayed. */
export function readLedger(file: string): LedgerEntry[] {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const existing = new Map<string, LedgerEntry>();
  for (const line of text.split('\n').filter(Boolean)) {
    const { action, ...entry } = JSON.parse(line) as LedgerEntry & { action: string };
    // Without the logical id: a delete is not always told it.
    const key = [entry.account, entry.region, entry.type, entry.physicalId].join(' ');
    if (action === 'delete') existing.delete(key);
    // A note is about what stands now: an entry without one takes an earlier one away.
    else existing.set(key, { ...existing.get(key), note: undefined, ...entry });
  }
  return [...existing.values()];
}
