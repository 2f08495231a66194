/** The candidate with the fewest letters changed, for "did you mean". */
export function nearestTo(wanted: string, candidates: readonly string[]): string {
  const scored = candidates.map((candidate) => ({ candidate, distance: editDistance(wanted, candidate) }));
  return scored.reduce((best, other) => (other.distance < best.distance ? other : best)).candidate;
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    previous = row;
  }
  return previous[b.length];
}
