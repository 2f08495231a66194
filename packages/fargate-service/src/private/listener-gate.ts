import type { Mistakes } from '@groundplan/core';
import {
  ApplicationListenerRule,
  CfnListenerRule,
  IApplicationListener,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { ListenerOptions } from '../ingress';
import type { Gate, Site } from './gate';

/** A rule of a listener that others made. */
export function listenerGate(listener: IApplicationListener, options: ListenerOptions): Gate {
  return {
    hostname: options.hosts?.find((host) => !/[*?]/.test(host)),
    check(site, mistakes) {
      checkPriority(site, listener, 'ingress.priority', options.priority, mistakes);
      checkConditions(options, mistakes);
    },
    checkTestRule(site, testPriority = options.priority - 1, mistakes) {
      const prop = 'deployment.testPriority';
      checkPriority(site, listener, prop, testPriority, mistakes);
      if (testPriority >= options.priority)
        mistakes.add({
          prop,
          mustBe: `before that of the service, ${options.priority}`,
          got: `${testPriority}`,
          remedy: 'the rule with the lower number is asked first',
        });
      checkConditions(options, mistakes, MOST_VALUES - 1);
    },
    build({ scope }, action) {
      const { priority } = options;
      const conditions = conditionsOf(options);
      const rule = new ApplicationListenerRule(scope, 'Rule', { listener, priority, conditions, action });
      return { listener, rule, conditions, priority };
    },
  };
}

function conditionsOf({ hosts = [], paths = [], headers = {} }: ListenerOptions): ListenerCondition[] {
  return [
    ...(hosts.length > 0 ? [ListenerCondition.hostHeaders(hosts)] : []),
    ...(paths.length > 0 ? [ListenerCondition.pathPatterns(paths)] : []),
    ...Object.entries(headers).map(([name, values]) => ListenerCondition.httpHeader(name, values)),
  ];
}

/** A rule takes five conditions and wildcards: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_VALUES = 5;

function checkConditions(options: ListenerOptions, mistakes: Mistakes, most = MOST_VALUES): void {
  const { hosts = [], paths = [], headers = {} } = options;
  const count = hosts.length + paths.length + Object.values(headers).flat().length;
  if (count === 0 || count > most)
    mistakes.add({
      prop: 'ingress',
      mustBe: `given 1 to ${most} hosts, paths and values of headers in all${most < MOST_VALUES ? ', where traffic is shifted' : ''}`,
      got: `${count}`,
      remedy:
        count === 0
          ? "say which requests are for this service, such as hosts: ['api.example.com']"
          : 'use wildcards, or a name of its own for this service',
    });
  for (const name of Object.keys(headers).filter((given) => headers[given].length === 0))
    mistakes.add({
      prop: `ingress.headers.${name}`,
      mustBe: 'given one value or more',
      got: 'none',
      remedy: `write headers: { '${name}': ['…'] }, or leave it out`,
    });
  for (const path of paths)
    if (!Token.isUnresolved(path) && !/^[/*]/.test(path))
      mistakes.add({
        prop: 'ingress.paths',
        mustBe: 'paths that begin with a slash',
        got: `"${path}"`,
        remedy: `write "/${path}"`,
      });
}

/** Notes a place among a listener's rules that is none, or that another rule has. */
function checkPriority(
  { scope }: Site,
  listener: IApplicationListener,
  prop: string,
  priority: number,
  mistakes: Mistakes,
): void {
  if (Token.isUnresolved(priority)) return;
  if (!Number.isInteger(priority) || priority < 1 || priority > 50000)
    return mistakes.add({
      prop,
      mustBe: 'between 1 and 50000',
      got: `${priority}`,
      remedy: 'leave room between services: 100, 200, 300',
    });
  const rules = scope.node.root.node
    .findAll()
    .filter((it): it is CfnListenerRule => CfnListenerRule.isCfnListenerRule(it));
  const onListener = rules.filter(({ listenerArn }) => listenerArn === listener.listenerArn);
  const taken = onListener.find((rule) => rule.priority === priority);
  if (!taken) return;
  const places = Array.from({ length: 50000 }, (_, i) => ((priority + i) % 50000) + 1);
  const free = places.find((place) => !onListener.some((rule) => rule.priority === place));
  mistakes.add({
    prop,
    mustBe: `one that no other rule of the listener has: "${ownerOf(taken)}" and "${scope.node.path}" collide`,
    got: `${priority}`,
    remedy: `choose another, such as ${free}`,
  });
}

/** The construct whose rule it is, as its user named it. */
function ownerOf(rule: CfnListenerRule): string {
  const [above, made] = rule.node.scopes.slice(-3);
  return (Stack.isStack(above) ? made : above).node.path;
}
