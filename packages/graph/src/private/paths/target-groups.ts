import type { TemplateResource } from '../assembly/template';
import { at, booleanOf, itemsOf, numberOf, referencesIn, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model, Related } from '../model';
import { namesOfFunction } from '../policies/statements';

const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** A target group that a resource is in, and how it is asked there. */
export interface Registration {
  readonly group: Related;
  /** Undefined where any port may be asked. */
  readonly port?: number;
  /** Listeners, or rules of listeners, that lead here although their actions may not say so yet. */
  readonly shiftedBy?: readonly Related[];
}

/** The target groups that a resource is registered with. */
export function registrations(model: Model, to: TemplateResource): Registration[] {
  if (to.type === 'AWS::ECS::Service') return [...ofService(model, to), ...byCodeDeploy(model, to)];
  if (to.type === 'AWS::AutoScaling::AutoScalingGroup')
    return ['TargetGroupARNs', 'TrafficSources'].flatMap((property) =>
      model.named(to, property, TARGET_GROUP).map((group) => ({ group, port: portOf(model, group.resource) })),
    );
  return namesOfFunction(model, to).flatMap((name) =>
    model
      .naming(name, TARGET_GROUP, 'Targets')
      .map((group) => ({ group, port: targetPort(model, group.resource, name) })),
  );
}

function ofService(model: Model, service: TemplateResource): Registration[] {
  return model.items(service, 'LoadBalancers').flatMap((entry) => {
    const groups = ['TargetGroupArn', 'AdvancedConfiguration.AlternateTargetGroupArn'].flatMap((path) =>
      referencesIn(at(entry, path)),
    );
    // ECS shifts these rules to the other group when it deploys, whatever the template says of their actions
    const shiftedBy = ['ProductionListenerRule', 'TestListenerRule'].flatMap((rule) =>
      referencesIn(at(entry, `AdvancedConfiguration.${rule}`)).map(({ to, doubts }) => ({ resource: to, doubts })),
    );
    const port = hasOwnInterface(model, service) ? numberOf(at(entry, 'ContainerPort')) : undefined;
    return groups
      .filter(({ to }) => to.type === TARGET_GROUP)
      .map(({ to, doubts }) => ({
        group: { resource: to, doubts: [...doubts, ...model.doubtsAbout(to)] },
        port,
        shiftedBy,
      }));
  });
}

/** Without one, the port on the instance is chosen when a task starts. */
function hasOwnInterface(model: Model, service: TemplateResource): boolean {
  return model.property(service, 'NetworkConfiguration') !== undefined;
}

/** CodeDeploy registers a service with the group that its task definition does not name. */
function byCodeDeploy(model: Model, service: TemplateResource): Registration[] {
  const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
  return model.naming(service, GROUP, 'ECSServices').flatMap(({ resource, doubts }) =>
    model.named(resource, 'LoadBalancerInfo', TARGET_GROUP).map((group) => ({
      group: { ...group, doubts: [...doubts, ...group.doubts] },
      port: numberOf(model.items(service, 'LoadBalancers.ContainerPort')[0]),
      shiftedBy: ['ProdTrafficRoute', 'TestTrafficRoute'].flatMap((route) =>
        model.named(resource, `LoadBalancerInfo.TargetGroupPairInfoList.${route}.ListenerArns`),
      ),
    })),
  );
}

function targetPort(model: Model, group: TemplateResource, target: TemplateResource): number | undefined {
  const own = itemsOf(model.property(group, 'Targets')).find((item) =>
    referencesIn(at(item, 'Id')).some(({ to }) => to === target),
  );
  return numberOf(at(own, 'Port')) ?? portOf(model, group);
}

function portOf(model: Model, group: TemplateResource): number | undefined {
  return numberOf(model.property(group, 'Port'));
}

/** Target groups of a service that are not in the assembly: who leads to them is not known. */
export function foreignGroups(
  model: Model,
  to: TemplateResource,
): { readonly group: string; readonly port?: number }[] {
  const places: Readonly<Record<string, string>> = {
    'AWS::ECS::Service': 'LoadBalancers',
    'AWS::AutoScaling::AutoScalingGroup': 'TargetGroupARNs',
  };
  if (!(to.type in places)) return [];
  return model.items(to, places[to.type]).flatMap((entry) => {
    const arn = to.type === 'AWS::ECS::Service' ? at(entry, 'TargetGroupArn') : entry;
    const isOwn = referencesIn(arn).some((found) => found.to.type === TARGET_GROUP);
    return arn && !isOwn ? [{ group: textOf(arn), port: numberOf(at(entry, 'ContainerPort')) }] : [];
  });
}

/** Whether packets keep the address of the client. https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation */
export function keepsClient(model: Model, group: TemplateResource): boolean {
  const protocol = stringOf(model.property(group, 'Protocol')) ?? '';
  if (protocol.startsWith('HTTP') || protocol === 'GENEVE') return false;
  const attribute = model
    .items(group, 'TargetGroupAttributes')
    .find((item) => stringOf(at(item, 'Key')) === 'preserve_client_ip.enabled');
  const said = at(attribute, 'Value');
  if (said && !unknownIn(said)) return booleanOf(said) ?? false;
  const type = stringOf(model.property(group, 'TargetType')) ?? 'instance';
  return type !== 'ip' || protocol.includes('UDP');
}
