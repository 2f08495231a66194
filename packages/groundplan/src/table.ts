import Table from 'cli-table3';
import pc from 'picocolors';

/** A table for a terminal. */
export function drawTable(head: string[], rows: string[][]): string {
  // No colours of the table's own: they would not heed NO_COLOR, nor a pipe.
  const drawn = new Table({
    head: head.map((title) => pc.bold(title)),
    style: { head: [], border: [], compact: true },
  });
  drawn.push(...rows);
  return drawn.toString();
}
