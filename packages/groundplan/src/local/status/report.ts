import {
  Condition,
  DatabaseReport,
  LedgerEntry,
  LocalAws,
  NetworkReport,
  StackSummary,
  databaseReports,
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
  readonly databases: DatabaseReport[];
  readonly stubs: LedgerEntry[];
  readonly notes: LedgerEntry[];
}

/** Reads everything from the instance itself: stacks, networks, services and databases from its APIs, stubs from the provider pack's ledger. */
export async function readReport(aws: LocalAws): Promise<Report> {
  const { condition, instance, state, log } = await aws.status();
  const nothing = { stacks: [], networks: [], services: [], databases: [], stubs: [], notes: [] };
  if (instance === undefined) return { condition, state, log, ...nothing };
  const { emulator, port, account, region, addressBlock, startedAt } = instance;
  const rest = { endpoint: endpointOf(port), pid: emulator.pid, port, account, region, addressBlock, startedAt };
  const about = { condition, state, log, ...rest };
  if (condition !== 'running') return { ...about, ...nothing };
  const [stacks, networks, services, databases] = await Promise.all([
    listStacks(aws),
    networkReports(aws),
    serviceReports(aws),
    databaseReports(aws),
  ]);
  return { ...about, stacks, networks, services, databases, stubs: stubs(aws), notes: notes(aws) };
}
