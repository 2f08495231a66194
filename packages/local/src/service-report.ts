import type { Service } from '@aws-sdk/client-ecs';
import type { Action, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsEnvironment, knownEnvironments } from './environments';
import { LocalAws } from './local-aws';

/** One service as ECS and its load balancers describe it. */
export interface ServiceReport extends AwsEnvironment {
  readonly name: string;
  readonly cluster: string;
  readonly desired: number;
  readonly running: number;
  /** Of the newest deployment: IN_PROGRESS, COMPLETED or FAILED. */
  readonly deployment: string;
  /** Why it is not complete, in the words of ECS. */
  readonly reason?: string;
  /** Where it answers on this machine: `tcp://host:port` behind a network load balancer. */
  readonly urls: string[];
}

/** The services of all clusters, in all environments that were deployed to. */
export async function serviceReports(aws: LocalAws, environments = knownEnvironments(aws)): Promise<ServiceReport[]> {
  const all = await Promise.all(environments.map((environment) => reportsOf(aws, environment)));
  return all.flat();
}

async function reportsOf(aws: LocalAws, environment: AwsEnvironment): Promise<ServiceReport[]> {
  const sdk = await import('@aws-sdk/client-ecs');
  const client = new sdk.ECSClient(aws.clientConfig(environment.account, environment.region));
  try {
    const reports: ServiceReport[] = [];
    const { clusterArns = [] } = await client.send(new sdk.ListClustersCommand({}));
    for (const cluster of clusterArns) {
      const { serviceArns = [] } = await client.send(new sdk.ListServicesCommand({ cluster }));
      // ECS describes ten services at once.
      for (let from = 0; from < serviceArns.length; from += 10) {
        const chunk = serviceArns.slice(from, from + 10);
        const { services = [] } = await client.send(new sdk.DescribeServicesCommand({ cluster, services: chunk }));
        const urls = await urlsOf(aws, environment, services);
        reports.push(...services.map((service) => reportOf(environment, cluster, service, urls)));
      }
    }
    return reports;
  } finally {
    client.destroy();
  }
}

function reportOf(
  environment: AwsEnvironment,
  cluster: string,
  service: Service,
  urls: Map<string, string[]>,
): ServiceReport {
  const newest = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const state = newest?.rolloutState ?? 'IN_PROGRESS';
  const groups = (service.loadBalancers ?? []).map(({ targetGroupArn }) => targetGroupArn ?? '');
  return {
    ...environment,
    name: service.serviceName!,
    cluster: cluster.split('/').pop()!,
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    deployment: state,
    reason: state === 'COMPLETED' ? undefined : newest?.rolloutStateReason,
    urls: [...new Set(groups.flatMap((group) => urls.get(group) ?? []))],
  };
}

/** What leads to each target group: through which listener's rules, under which host and path, or at which address. */
async function urlsOf(
  aws: LocalAws,
  { account, region }: AwsEnvironment,
  services: Service[],
): Promise<Map<string, string[]>> {
  const urls = new Map<string, string[]>();
  if (!services.some(({ loadBalancers = [] }) => loadBalancers.length > 0)) return urls;
  const sdk = await import('@aws-sdk/client-elastic-load-balancing-v2');
  const client = new sdk.ElasticLoadBalancingV2Client(aws.clientConfig(account, region));
  const { port } = aws.instance();
  const add = (group: string, ...more: string[]) => urls.set(group, [...(urls.get(group) ?? []), ...more]);
  try {
    const { LoadBalancers = [] } = await client.send(new sdk.DescribeLoadBalancersCommand({}));
    for (const { LoadBalancerArn, LoadBalancerName, DNSName, Type } of LoadBalancers) {
      const { Listeners = [] } = await client.send(new sdk.DescribeListenersCommand({ LoadBalancerArn }));
      if (Type === 'network')
        for (const { DefaultActions, Port } of Listeners.filter(({ Protocol }) => Protocol === 'TCP'))
          for (const group of groupsOf(DefaultActions)) add(group, `tcp://${DNSName}:${Port}`);
      if (Type !== 'application') continue;
      const ports = Listeners.map((listener) => ({ number: listener.Port!, secure: listener.Protocol === 'HTTPS' }));
      for (const { ListenerArn, Port } of Listeners) {
        const { Rules = [] } = await client.send(new sdk.DescribeRulesCommand({ ListenerArn }));
        const prefix = Port === defaultPort(ports) ? '' : `${Port}.`;
        for (const rule of Rules)
          for (const group of groupsOf(rule.Actions))
            add(group, ...placesOf(rule, `${LoadBalancerName}.alb`).map((place) => urlOf(prefix, place, port)));
      }
    }
    return urls;
  } finally {
    client.destroy();
  }
}

/** The listener that a URL without a number means: HTTPS before HTTP. */
export function defaultPort(ports: { number: number; secure: boolean }[]): number | undefined {
  const numbers = (secure: boolean) => ports.filter((port) => port.secure === secure).map(({ number }) => number);
  const [candidates, usual] = numbers(true).length > 0 ? [numbers(true), 443] : [numbers(false), 80];
  return candidates.includes(usual) ? usual : candidates.sort((a, b) => a - b)[0];
}

function groupsOf(actions: Action[] = []): string[] {
  return actions.flatMap((action) =>
    [action.TargetGroupArn, ...(action.ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn)].filter(
      (group) => group !== undefined,
    ),
  );
}

interface Place {
  readonly host: string;
  readonly path: string;
}

/** Hosts and paths that a rule matches, as far as a URL can be made of them. */
function placesOf({ Conditions = [] }: Rule, balancer: string): Place[] {
  const valuesOf = (field: string) =>
    Conditions.filter(({ Field }) => Field === field).flatMap(
      ({ Values, HostHeaderConfig, PathPatternConfig }) =>
        HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? [],
    );
  const hosts = valuesOf('host-header').filter((host) => !/[*?]/.test(host));
  const paths = valuesOf('path-pattern').map((pattern) => pattern.split(/[*?]/)[0]);
  if (hosts.length === 0 && Conditions.some(({ Field }) => Field === 'host-header')) return [];
  return (hosts.length > 0 ? hosts : [balancer]).flatMap((host) =>
    (paths.length > 0 ? [...new Set(paths)] : ['/']).map((at) => ({ host: host.toLowerCase(), path: at || '/' })),
  );
}

function urlOf(prefix: string, { host, path }: Place, port: number): string {
  return `http://${prefix}${host}.localhost:${port}${path}`;
}
