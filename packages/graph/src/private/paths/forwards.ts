import type { TemplateResource } from '../assembly/template';
import type { Model } from '../model';
import { fromBalancers, fromClassicBalancers } from './balancers';
import { fromDistributions } from './distributions';
import { Forward, Over, serviceForward } from './forward';
import { fromFunctionUrls, fromGraphqlApis, fromHttpApis, fromRestApis } from './gateways';
import { ownersOf } from './owners';

/** What passes requests on to a resource. */
export function forwardsInto(model: Model, to: TemplateResource): Forward[] {
  return [
    ...fromBalancers(model, to),
    ...fromClassicBalancers(model, to),
    ...fromDistributions(model, to),
    ...fromRestApis(model, to),
    ...fromHttpApis(model, to),
    ...fromFunctionUrls(model, to),
    ...fromGraphqlApis(model, to),
    ...fromAccelerators(model, to),
    ...fromDatabaseProxies(model, to),
  ];
}

/** An accelerator keeps the address of the client. https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html */
function fromAccelerators(model: Model, to: TemplateResource): Forward[] {
  const GROUP = 'AWS::GlobalAccelerator::EndpointGroup';
  return model.naming(to, GROUP, 'EndpointConfigurations').flatMap((group) =>
    ownersOf(model, group.resource).flatMap((listener) =>
      (listener.resource === group.resource ? [listener] : ownersOf(model, listener.resource)).map((accelerator) => ({
        ...serviceForward(accelerator.resource, group),
        over: Over.NETWORK,
        keepsClient: true,
      })),
    ),
  );
}

function fromDatabaseProxies(model: Model, to: TemplateResource): Forward[] {
  const GROUP = 'AWS::RDS::DBProxyTargetGroup';
  return ['DBClusterIdentifiers', 'DBInstanceIdentifiers'].flatMap((property) =>
    model.naming(to, GROUP, property).flatMap((group) =>
      model.named(group.resource, 'DBProxyName').map((proxy) => ({
        ...serviceForward(proxy.resource, group),
        over: Over.NETWORK,
      })),
    ),
  );
}
