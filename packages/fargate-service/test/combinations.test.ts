import { TemplateGraph } from '@groundplan/graph';
import * as fc from 'fast-check';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Deployment, DeploymentHook, Scaling, WebService, WebServiceProps } from '../src';
import { Plan, SHIFTS, made, plans, wholeSeconds } from './plans';
import { INGRESSES, TIERS, groundIn, serviceOn } from './services';

/** Either the template says how many tasks run, or scaling does. */
function expectScaledOrCounted(graph: TemplateGraph, service: WebService): void {
  const { DesiredCount } = graph.propertiesOf(service.service);
  const scaled = graph.resourcesOfType('AWS::ApplicationAutoScaling::ScalableTarget');
  const own = scaled.filter(({ path }) => path.startsWith(service.node.path));
  expect(own).toHaveLength(DesiredCount === undefined ? 1 : 0);
  for (const target of own) {
    const { MinCapacity, MaxCapacity } = graph.propertiesOf(target);
    expect(MinCapacity).toBeLessThanOrEqual(MaxCapacity);
  }
}

/** What a template holds because somebody asked for it, and not otherwise. */
function expectWhatWasAskedFor(
  { stack, service }: Pick<ReturnType<typeof made>, 'stack' | 'service'>,
  plan: Plan,
): void {
  const template = Template.fromStack(stack);
  const [{ Properties }] = Object.values(
    template.findResources('AWS::ECS::TaskDefinition', { Properties: { Family: Match.stringLikeRegexp('Api') } }),
  );
  const containers = Properties.ContainerDefinitions as { readonly Name: string; readonly Memory: number }[];
  const beside = [...(plan.telemetry ? ['collector'] : []), ...(plan.routed ? ['router'] : [])];
  expect(containers.map(({ Name }) => Name).sort()).toEqual(['app', ...beside]);
  const reserved = containers.reduce((sum, { Memory }) => sum + Memory, 0);
  expect(`${reserved}`).toBe(Properties.Memory);
  const functions = Object.keys(template.findResources('AWS::Lambda::Function')).length;
  expect(functions).toBe(plan.shift && plan.hasSmokeHook ? 1 : 0);
  const watches = plan.hasSecret && (plan.props.restartOnRotation ?? true);
  expect(Object.keys(template.findResources('AWS::Events::Rule'))).toHaveLength(watches ? 1 : 0);
  const { EnableExecuteCommand } = TemplateGraph.of(stack).propertiesOf(service.service);
  const shells = plan.props.exec ?? ['sandbox', 'development'].includes(plan.tier);
  expect([EnableExecuteCommand, Properties.Volumes?.length ?? 0]).toEqual([shells, shells ? 3 : 0]);
}

test('whatever is legal: it synthesizes, the internet comes through the balancer to the port, and nothing else comes in', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { stack, service } = made(plan);
      const graph = TemplateGraph.of(stack);
      const { port } = plan.props;
      for (const { hops } of graph.pathsFromInternetTo(service.service)) {
        expect(hops.map(({ ports }) => ports.join())).toEqual([...hops.slice(1).map(() => '443/tcp'), `${port}/tcp`]);
        expect(hops[hops.length - 2].type).toBe('AWS::ElasticLoadBalancingV2::LoadBalancer');
      }
      const rules = graph.rulesOf(service.task.securityGroup).map(({ direction, ports }) => `${direction} ${ports}`);
      expect(rules.sort()).toEqual([...(plan.kind === 'none' ? [] : [`in ${port}/tcp`]), 'out 443/tcp']);
      expectScaledOrCounted(graph, service);
      expectWhatWasAskedFor({ stack, service }, plan);
    }),
    { numRuns: 60 },
  );
});

/** Values that are wrong, by the prop that the message has to name. */
const MISTAKES: Readonly<Record<string, fc.Arbitrary<Partial<WebServiceProps>>>> = {
  'healthCheck.path': fc.constantFrom('', 'health', ' /').map((path) => ({ healthCheck: { path } })),
  'healthCheck.codes': fc.constantFrom('', 'ok', '20', '200 204').map((codes) => ({ healthCheck: { codes } })),
  'healthCheck.healthyThreshold': fc
    .constantFrom(-1, 0, 1, 11, 2.5)
    .map((n) => ({ healthCheck: { healthyThreshold: n } })),
  'targets.slowStart': fc
    .oneof(wholeSeconds(0, 29), wholeSeconds(901, 9999))
    .map((slowStart) => ({ targets: { slowStart } })),
  'targets.stickiness': wholeSeconds(7 * 86400 + 1, 9_999_999).map((stickiness) => ({ targets: { stickiness } })),
  scaling: fc.constantFrom(-3, -1, 0.5, NaN).map((tasks) => ({ scaling: Scaling.fixed(tasks) })),
  port: fc.constantFrom(0, -1, 65536, 80.5).map((port) => ({ port })),
  cpu: fc.constantFrom(0, 300, 1000, 32768).map((cpu) => ({ cpu })),
  'environment.a-b': fc.string().map((value) => ({ environment: { 'a-b': value } })),
  'container.stopTimeout': fc
    .oneof(wholeSeconds(0, 0), wholeSeconds(121, 9999))
    .map((stopTimeout) => ({ container: { stopTimeout } })),
};

test('whatever is wrong: one error that names every prop, and no other', () => {
  const chosen = fc.subarray(Object.keys(MISTAKES), { minLength: 1 });
  const wrong = chosen.chain((names) =>
    fc.tuple(...names.map((name) => MISTAKES[name])).map((parts) => ({
      names,
      props: parts.reduce(
        (all, part) => ({
          ...all,
          ...part,
          healthCheck: { ...all.healthCheck, ...part.healthCheck },
          targets: { ...all.targets, ...part.targets },
        }),
        {},
      ),
    })),
  );
  fc.assert(
    fc.property(wrong, fc.constantFrom(...TIERS), ({ names, props }, tier) => {
      const ground = groundIn(tier);
      const ingress = INGRESSES['an internal load balancer'](ground);
      let text = '';
      try {
        serviceOn(ground, { ingress, ...props });
      } catch (error) {
        text = (error as Error).message;
      }
      const named = Object.keys(MISTAKES).filter((name) => text.includes(`${name} must be`));
      expect(named.sort()).toEqual([...names].sort());
      expect(text.startsWith('WebService "Services/Api"')).toBe(true);
    }),
    { numRuns: 60 },
  );
});

/** What is wrong only together, by what the message says: both props, and what else would do. */
const TOGETHER: readonly [string, (plan: Plan) => boolean, (plan: Plan) => ReturnType<typeof made>, RegExp][] = [
  [
    'a registry where traffic is shifted',
    ({ shift }) => shift !== undefined,
    (plan) => made({ ...plan, discovery: 'registry' }),
    /: discovery must be Discovery\.serviceConnect with deployment: Deployment\.(blueGreen|canary|linear)\(\), got Discovery\.registry; [^\n]*use Discovery\.serviceConnect, or Deployment\.rolling\(\)$/,
  ],
  [
    'traffic that is shifted where none is sent',
    ({ kind, discovery }) => kind === 'none' && discovery !== 'registry',
    (plan) => made(plan, { deployment: Deployment.canary() }),
    /: deployment must be Deployment\.rolling\(\) with ingress: none, got Deployment\.canary\(\); [^\n]*$/,
  ],
  [
    'two smoke hooks',
    ({ shift }) => shift !== undefined,
    (plan) => {
      const smoke = DeploymentHook.smoke([{ path: '/' }]);
      return made(plan, { deployment: SHIFTS[plan.shift!]({ hooks: [smoke, smoke] }) });
    },
    /: deployment\.hooks must be given one smoke hook at most, got 2; put all questions into one$/,
  ],
  [
    'requests that count where traffic is shifted',
    ({ shift }) => shift !== undefined,
    (plan) => made(plan, { scaling: Scaling.automatic({ min: 1, max: 9, requestsPerTarget: 9 }) }),
    /: scaling\.requestsPerTarget must be left out where deployment shifts traffic between two target groups, got 9; [^\n]*$/,
  ],
];

test.each(TOGETHER)('%s: one message that names both, whatever else is said', (_, applies, build, message) => {
  fc.assert(
    fc.property(plans.filter(applies), (plan) => {
      expect(() => build(plan)).toThrow(message);
    }),
    { numRuns: 6 },
  );
});
