import type { TemplateResource } from '../assembly/template';
import { stringOf } from '../evaluation/value';
import type { Model } from '../model';
import { ENDPOINT_TYPES } from '../network/endpoint-types';
import { namesOfFunction } from '../policies/statements';
import { Forward, Over, serviceForward } from './forward';
import { ownersOf } from './owners';

const METHOD = 'AWS::ApiGateway::Method';
const INTEGRATION = 'AWS::ApiGatewayV2::Integration';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

/** REST APIs: their methods ask functions, addresses on the internet, and balancers through a VPC link. */
export function fromRestApis(model: Model, to: TemplateResource): Forward[] {
  const direct = namesOfFunction(model, to).flatMap((name) =>
    model
      .naming(name, METHOD, 'Integration.Uri')
      .filter(({ resource }) => stringOf(model.property(resource, 'Integration.ConnectionType')) !== 'VPC_LINK')
      .flatMap((method) =>
        ownersOf(model, method.resource).map((api) => ({
          ...serviceForward(api.resource, method),
          over: to.type in ENDPOINT_TYPES && to.type !== 'AWS::Lambda::Function' ? Over.INTERNET : Over.SERVICE,
        })),
      ),
  );
  const authorizers = namesOfFunction(model, to).flatMap((name) =>
    model
      .naming(name, 'AWS::ApiGateway::Authorizer', 'AuthorizerUri')
      .flatMap((authorizer) =>
        model.named(authorizer.resource, 'RestApiId').map((api) => serviceForward(api.resource, authorizer)),
      ),
  );
  return [...direct, ...authorizers, ...throughRestLinks(model, to)];
}

function throughRestLinks(model: Model, to: TemplateResource): Forward[] {
  const link = (method: { resource: TemplateResource; doubts: readonly string[] }) =>
    ownersOf(model, method.resource).map((api) => serviceForward(api.resource, method));
  const classic = model
    .naming(to, 'AWS::ApiGateway::VpcLink', 'TargetArns')
    .flatMap((vpcLink) => model.naming(vpcLink.resource, METHOD, 'Integration.ConnectionId').flatMap(link));
  // the newer kind of link stands in subnets, and asks a balancer or one of its listeners
  const newer = asked(model, to).flatMap((target) =>
    model.naming(target, METHOD, 'Integration.IntegrationTarget').flatMap((method) =>
      link(method).map((forward) => ({
        ...forward,
        over: Over.NETWORK,
        asks: model.named(method.resource, 'Integration.ConnectionId')[0]?.resource,
      })),
    ),
  );
  return [...classic, ...newer];
}

/** HTTP and WebSocket APIs: their integrations ask functions, addresses on the internet, and networks through a VPC link. */
export function fromHttpApis(model: Model, to: TemplateResource): Forward[] {
  const integrations = asked(model, to).flatMap((target) =>
    model.naming(target, INTEGRATION, 'IntegrationUri').flatMap((integration) => {
      const [link] = model.named(integration.resource, 'ConnectionId');
      const isPrivate = stringOf(model.property(integration.resource, 'ConnectionType')) === 'VPC_LINK';
      const isOpen = !isPrivate && to.type in ENDPOINT_TYPES && to.type !== 'AWS::Lambda::Function';
      return ownersOf(model, integration.resource).map((api) => ({
        ...serviceForward(api.resource, integration),
        over: isPrivate ? Over.NETWORK : isOpen ? Over.INTERNET : Over.SERVICE,
        asks: link?.resource,
      }));
    }),
  );
  const others = namesOfFunction(model, to).flatMap((name) => [
    ...model.naming(name, 'AWS::ApiGatewayV2::Api', 'Target').map((api) => serviceForward(api.resource, api)),
    ...model
      .naming(name, 'AWS::ApiGatewayV2::Authorizer', 'AuthorizerUri')
      .flatMap((authorizer) =>
        model.named(authorizer.resource, 'ApiId').map((api) => serviceForward(api.resource, authorizer)),
      ),
  ]);
  return [...integrations, ...others];
}

/** What an integration names to ask a resource: itself, a listener of a balancer, or its entry in Cloud Map. */
function asked(model: Model, to: TemplateResource): TemplateResource[] {
  const listeners = model.naming(to, LISTENER, 'LoadBalancerArn').map(({ resource }) => resource);
  const registries =
    to.type === 'AWS::ECS::Service'
      ? model.named(to, 'ServiceRegistries.RegistryArn').map(({ resource }) => resource)
      : [];
  return [...namesOfFunction(model, to), ...listeners, ...registries];
}

/** The data sources of a GraphQL API. */
export function fromGraphqlApis(model: Model, to: TemplateResource): Forward[] {
  return namesOfFunction(model, to).flatMap((name) =>
    model
      .naming(name, 'AWS::AppSync::DataSource', 'LambdaConfig')
      .flatMap((source) => ownersOf(model, source.resource).map((api) => serviceForward(api.resource, source))),
  );
}

export function fromFunctionUrls(model: Model, to: TemplateResource): Forward[] {
  return namesOfFunction(model, to).flatMap((name) =>
    model.naming(name, 'AWS::Lambda::Url', 'TargetFunctionArn').map((url) => serviceForward(url.resource, url)),
  );
}
