import {
  Condition,
  LedgerEntry,
  LocalAws,
  NetworkReport,
  StackSummary,
  endpointOf,
  ServiceReport,
  listStacks,
  networkReports,
  notes,
  serviceReports,
  stubs,
} from '@groundplan/local';

/** What `status --json` prints. */
export interface Report {
  readonly condition: Condition;
  readonly state: string;
  readonly log: string;
  readonly endpoint?: string;
  readonly pid?: number;
  readonly port?: number;
  readonly account?: string;
  readonly region?: string;
  readonly addressBlock?: string;
  readonly startedAt?: string;
  readonly stacks: StackSummary[];
  readonly networks: NetworkReport[];
  readonly services: ServiceReport[];
  readonly stubs: LedgerEntry[];
  readonly notes: LedgerEntry[];
}

/** Reads everything from the instance itself: stacks, networks and services from its APIs, stubs from the provider pack's ledger. */
export async function readReport(aws: LocalAws): Promise<Report> {
  const { condition, instance, state, log } = await aws.status();
  const nothing = { stacks: [], networks: [], services: [], stubs: [], notes: [] };
  if (instance === undefined) return { condition, state, log, ...nothing };
  const { emulator, port, account, region, addressBlock, startedAt } = instance;
  const rest = { endpoint: endpointOf(port), pid: emulator.pid, port, account, region, addressBlock, startedAt };
  const about = { condition, state, log, ...rest };
  if (condition !== 'running') return { ...about, ...nothing };
  const [stacks, networks, services] = await Promise.all([listStacks(aws), networkReports(aws), serviceReports(aws)]);
  return { ...about, stacks, networks, services, stubs: stubs(aws), notes: notes(aws) };
}
