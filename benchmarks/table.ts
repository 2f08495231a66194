import Table from 'cli-table3';

/** One line of the result. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  /** What it is measured against. */
  readonly theirs: string;
  readonly result: string;
  /** The target; empty where there is none. */
  readonly wanted: string;
  readonly reached: boolean;
}

export function ratio(ours: number, theirs: number): string {
  return `${(ours / theirs).toFixed(2)} ×`;
}

export function drawTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ['Median of', 'ours', 'against', 'result', 'target'],
    style: { head: [], border: [] },
  });
  for (const { what, ours, theirs, result, wanted, reached } of rows)
    table.push([what, ours, theirs, reached ? result : `${result} (missed)`, wanted]);
  return table.toString();
}
