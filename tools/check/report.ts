import type { Sorted } from './acknowledgements';

/** What one tool came to. */
export interface ToolSummary {
  readonly title: string;
  readonly namespace: string;
  readonly found: number;
  readonly acknowledged: number;
  readonly open: number;
  /** Why it could not run. Its numbers say nothing then. */
  readonly error?: string;
}

/** What all tools came to, as it is written to check-report.json. */
export interface Report extends Sorted {
  /** The name of the app. */
  readonly app: string;
  readonly tools: readonly ToolSummary[];
}

/** 0 when nothing is open, 1 when something is, 2 when a tool could not run: then nobody knows. */
export function exitCodeOf({ tools, open }: Report): 0 | 1 | 2 {
  if (tools.some(({ error }) => error !== undefined)) return 2;
  return open.length > 0 ? 1 : 0;
}
