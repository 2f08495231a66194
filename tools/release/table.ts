import Table from 'cli-table3';
import { Product } from './collect';

export interface TableRow extends Product {
  readonly breaking: string;
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed()} kB`;

/** What would be published, in the order of publishing. */
export function renderTable(rows: TableRow[]): string {
  const table = new Table({
    head: ['package', 'version', 'npm, unpacked', 'wheel', 'breaking?'],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'right', 'left', 'left'],
  });
  for (const { name, manifest, size, unpackedSize, wheel, breaking } of rows)
    table.push([name, manifest.version, `${kilobytes(size)}, ${kilobytes(unpackedSize)}`, wheel ?? '–', breaking]);
  return table.toString();
}
