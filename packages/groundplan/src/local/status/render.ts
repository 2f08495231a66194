import { DatabaseReport, LedgerEntry, NetworkReport, ServiceReport, StackSummary } from '@groundplan/local';
import pc from 'picocolors';
import { drawTable } from '../../table';
import { Report } from './report';

/** The report for a person. */
export function renderReport(report: Report): string {
  const parts = [renderInstance(report)];
  if (report.condition === 'running') {
    parts.push(renderStacks(report.stacks), ...report.networks.map(renderNetwork));
    parts.push(...renderServices(report.services), ...renderDatabases(report.databases));
    parts.push(...renderNotes(report.notes), renderStubs(report.stubs));
  }
  return parts.join('\n\n');
}

function renderInstance({ condition, endpoint, pid, addressBlock, startedAt, state, log }: Report): string {
  const headline = {
    running: `${pc.green('running')} on ${endpoint} (process ${pid}, addresses ${addressBlock}, since ${startedAt})`,
    stopped: `${pc.yellow('not running')}; start it with: groundplan local up`,
    killed: `${pc.red('killed')}: process ${pid} is gone, and what was deployed with it; start it again with: groundplan local up`,
    silent: `${pc.red('silent')}: process ${pid} lives and does not answer on ${endpoint}; start it anew with: groundplan local reset`,
  }[condition];
  return [`${pc.bold('Local AWS')} ${headline}`, `  state ${state}`, `  log   ${log}`].join('\n');
}

function renderStacks(stacks: StackSummary[]): string {
  if (stacks.length === 0) return `${pc.bold('Stacks')} none`;
  const rows = stacks.map(({ name, status, account, region }) => [name, status, account, region]);
  return drawTable(['Stack', 'Status', 'Account', 'Region'], rows);
}

function renderNetwork({ vpcId, name, cidr, ipv6Cidrs, account, region, tiers, endpoints }: NetworkReport): string {
  const rows = tiers.flatMap(({ name: tier, type, subnets }) =>
    subnets.map(({ zone, cidr: subnetCidr, ipv6Cidr, egress }, i) => [
      i === 0 ? titleOf(tier, type) : '',
      zone,
      ipv6Cidr ? `${subnetCidr} ${ipv6Cidr}` : subnetCidr,
      egress,
    ]),
  );
  const listed = endpoints.map(({ service, type, subnets }) =>
    type === 'Gateway' ? `${service} (gateway)` : `${service} (${type.toLowerCase()}, ${subnets} subnets)`,
  );
  return [
    `${pc.bold('Network')} ${vpcId} ${name ? `${name} ` : ''}${[cidr, ...ipv6Cidrs].join(' ')}, account ${account}, ${region}`,
    drawTable(['Tier', 'Zone', 'CIDR', 'Reaches the internet by'], rows),
    `  endpoints: ${listed.join(', ') || 'none'}`,
  ].join('\n');
}

/** A tier that CDK's word for it adds something to. */
function titleOf(tier: string, type: string): string {
  return !type || tier.toLowerCase() === type.toLowerCase() ? tier : `${tier} (${type.toLowerCase()})`;
}

/** Each service with what runs of it and where it answers; nothing when there is none. */
export function renderServices(services: ServiceReport[]): string[] {
  if (services.length === 0) return [];
  const rows = services.map(({ name, running, desired, deployment, urls }) => [
    name,
    `${running} of ${desired}`,
    deployment.toLowerCase().replace('_', ' '),
    urls.join('\n') || 'no load balancer',
  ]);
  const reasons = services.flatMap(({ name, reason }) => (reason ? [`  ${name}: ${reason}`] : []));
  return [[drawTable(['Service', 'Tasks run', 'Deployment', 'Answers on'], rows), ...reasons].join('\n')];
}

/** Each database with where it answers, its proxies below it, and what holds the password. */
export function renderDatabases(databases: DatabaseReport[]): string[] {
  if (databases.length === 0) return [];
  const rows = databases.map(({ name, engine, version, status, url, secret, proxies }) => [
    [name, ...proxies.map((proxy) => `  by ${proxy.name}`)].join('\n'),
    `${engine} ${version}`,
    status,
    [url ?? 'only a record', ...proxies.map((proxy) => proxy.url)].join('\n'),
    secret ?? '',
  ]);
  return [drawTable(['Database', 'Engine', 'Status', 'Answers on', 'Password in the secret'], rows)];
}

/** What is kept and not acted on, and what was taken as given. */
export function renderNotes(notes: LedgerEntry[]): string[] {
  if (notes.length === 0) return [];
  const lines = notes.map(({ type, logicalId, stack, note }) => `  ${type} ${logicalId} (stack ${stack}): ${note}`);
  return [['Good to know:', ...lines].join('\n')];
}

/** What a green deployment does not prove. */
export function renderStubs(stubs: LedgerEntry[]): string {
  if (stubs.length === 0) return 'Nothing is a stub: every resource is behind the emulator’s own API.';
  const title = stubs.length === 1 ? '1 resource is a stub' : `${stubs.length} resources are stubs`;
  const lines = stubs.map(({ type, logicalId, stack }) => `  ${type} ${logicalId} (stack ${stack})`);
  return [`${pc.yellow(title)}, a name and attributes with nothing behind them:`, ...lines].join('\n');
}
