/** Shows the cursor again, also when Ctrl-C ends the work: a spinner hides it. */
export async function shownCursor<T>(work: () => Promise<T>): Promise<T> {
  const interrupted = (signal: NodeJS.Signals) => {
    if (process.stderr.isTTY) process.stderr.write('\u001B[?25h\n');
    // Exit handlers end the children; what was begun is on record, and the next run goes on from there.
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    return await work();
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
  }
}
