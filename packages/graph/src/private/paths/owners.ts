import type { TemplateResource } from '../assembly/template';
import { textOf } from '../evaluation/value';
import type { Model, Related } from '../model';

/** The property by which a part of something that passes requests on names its whole. */
const OWNERS: Readonly<Record<string, string>> = {
  'AWS::ElasticLoadBalancingV2::Listener': 'LoadBalancerArn',
  'AWS::ElasticLoadBalancingV2::ListenerRule': 'ListenerArn',
  'AWS::ApiGateway::Method': 'RestApiId',
  'AWS::ApiGatewayV2::Integration': 'ApiId',
  'AWS::AppSync::DataSource': 'ApiId',
  'AWS::GlobalAccelerator::Listener': 'AcceleratorArn',
  'AWS::GlobalAccelerator::EndpointGroup': 'ListenerArn',
};

/** The wholes that a part belongs to; where they stand outside of the assembly the part stands for them. */
export function ownersOf(model: Model, part: TemplateResource): Related[] {
  const property = OWNERS[part.type];
  const owners = model.named(part, property);
  return owners.length > 0 ? owners : [{ resource: part, doubts: [] }];
}

/** What a resource stands for that is not in the assembly, such as the listener of a shared balancer. */
export function standsFor(model: Model, part: TemplateResource): string | undefined {
  const property = OWNERS[part.type];
  if (!property || model.named(part, property).length > 0) return undefined;
  const said = model.property(part, property);
  return said && textOf(said);
}
