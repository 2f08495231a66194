import type { TemplateResource } from '../assembly/template';
import { numberOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model, Related } from '../model';
import { unique } from '../network/openings';
import { ALL_PORTS, Ports, tcp } from '../network/ports';
import { Forward, Over, certainly } from './forward';
import { ownersOf } from './owners';
import { keepsClient, registrations } from './target-groups';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Load balancers that lead to a resource through a listener and a target group. */
export function fromBalancers(model: Model, to: TemplateResource): Forward[] {
  return registrations(model, to).flatMap(({ group, port, shiftedBy = [] }) =>
    [...actionsTo(model, group.resource), ...shiftedBy].flatMap((by) =>
      ownersOfAction(model, by).map(({ listener, balancer }): Forward => {
        const isFunction = stringOf(model.property(group.resource, 'TargetType')) === 'lambda';
        const parts = [by, listener, balancer, group];
        return {
          from: balancer.resource,
          allowedBy: unique([listener, by, group].map(({ resource }) => resource.path)),
          arriving: listenerPorts(model, listener.resource),
          leaving: port === undefined || isFunction ? undefined : [portOf(model, group.resource, port)],
          over: isFunction ? Over.SERVICE : Over.NETWORK,
          keepsClient: keepsClient(model, group.resource),
          doubts: unique(parts.flatMap(({ doubts }) => doubts)),
        };
      }),
    ),
  );
}

/** Listeners and rules of listeners whose actions name a target group. */
function actionsTo(model: Model, group: TemplateResource): Related[] {
  return [...model.naming(group, LISTENER, 'DefaultActions'), ...model.naming(group, RULE, 'Actions')];
}

/** The listener that an action stands on, and its balancer; a part stands for a whole that is not in the assembly. */
function ownersOfAction(model: Model, by: Related): { listener: Related; balancer: Related }[] {
  const listeners = by.resource.type === RULE ? ownersOf(model, by.resource) : [by];
  return listeners.flatMap((listener) =>
    listener.resource === by.resource && by.resource.type === RULE
      ? [{ listener, balancer: listener }]
      : ownersOf(model, listener.resource).map((balancer) => ({ listener, balancer })),
  );
}

function portOf(model: Model, holder: TemplateResource, port: number): Ports {
  const udp = ['UDP', 'TCP_UDP'].includes(textOf(model.property(holder, 'Protocol')));
  return udp ? { protocol: 'all', first: port, last: port } : tcp(port);
}

/** The ports that a balancer answers on, and why it may not. */
export function balancerPorts(model: Model, balancer: TemplateResource): { ports: Ports; doubts: readonly string[] }[] {
  const classic = model.items(balancer, 'Listeners.LoadBalancerPort').map((said) => {
    const port = numberOf(said);
    return port === undefined
      ? { ports: ALL_PORTS, doubts: [unknownIn(said)?.why ?? `"${textOf(said)}" is known when it is deployed`] }
      : { ports: tcp(port), doubts: [] };
  });
  const listeners = model.naming(balancer, LISTENER, 'LoadBalancerArn').flatMap(({ resource, doubts }) => {
    const open = unknownIn(model.property(resource, 'Port'));
    return listenerPorts(model, resource).map((ports) => ({ ports, doubts: open ? [...doubts, open.why] : doubts }));
  });
  return [...classic, ...listeners];
}

function listenerPorts(model: Model, listener: TemplateResource): Ports[] {
  const port = numberOf(model.property(listener, 'Port'));
  return port === undefined ? [ALL_PORTS] : [portOf(model, listener, port)];
}

/** Classic balancers, which know their instances themselves. */
export function fromClassicBalancers(model: Model, to: TemplateResource): Forward[] {
  const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer';
  const balancers = [...model.naming(to, CLASSIC, 'Instances'), ...model.named(to, 'LoadBalancerNames', CLASSIC)];
  return balancers.map(({ resource, doubts }) => {
    const ports = model.items(resource, 'Listeners.InstancePort').map((port) => numberOf(port));
    return {
      from: resource,
      allowedBy: [resource.path],
      leaving: ports.map((port) => (port === undefined ? ALL_PORTS : tcp(port))),
      over: Over.NETWORK,
      doubts: unique([...doubts, ...certainly(model, resource).doubts]),
    };
  });
}
