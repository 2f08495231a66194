import type { Connection, Mistakes } from '@groundplan/core';
import { Port } from 'aws-cdk-lib/aws-ec2';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { DnsRecordType, NamespaceType } from 'aws-cdk-lib/aws-servicediscovery';
import { Duration } from 'aws-cdk-lib/core';
import type { Deployment } from '../deployment';
import { Discovery, DiscoveryKind } from '../discovery';
import type { WebService } from '../web-service';

/** The name of the container's port, for proxies of Service Connect. */
const PORT_NAME = 'app';

/** Notes a way of being found that does not go with how the service is deployed. */
export function checkDiscovery(
  discovery: Discovery | undefined,
  deployment: Deployment | undefined,
  mistakes: Mistakes,
): void {
  if (discovery?._kind !== DiscoveryKind.REGISTRY) return;
  if (deployment?._shift)
    mistakes.add({
      prop: 'discovery',
      mustBe: `Discovery.serviceConnect with deployment: Deployment.${deployment.description}()`,
      got: 'Discovery.registry',
      remedy:
        'ECS shifts traffic through a load balancer or Service Connect, and clients of a DNS registry would go on to ask either version (C34); use Discovery.serviceConnect, or Deployment.rolling()',
    });
  if (discovery.namespace.type !== NamespaceType.DNS_PRIVATE)
    mistakes.add({
      prop: 'discovery.namespace',
      mustBe: 'a private DNS namespace, for Discovery.registry',
      got: `one of type ${discovery.namespace.type}`,
      remedy: 'make a PrivateDnsNamespace, or use Discovery.serviceConnect',
    });
}

/** Makes a service findable. */
export function makeFindable(service: FargateService, discovery: Discovery, port: number): void {
  const { namespace, serviceName } = discovery;
  if (discovery._kind === DiscoveryKind.SERVICE_CONNECT)
    service.enableServiceConnect({
      namespace: namespace.namespaceArn,
      services: [{ portMappingName: PORT_NAME, discoveryName: serviceName, dnsName: serviceName, port }],
    });
  else
    service.enableCloudMap({
      cloudMapNamespace: namespace,
      name: serviceName,
      dnsRecordType: DnsRecordType.A,
      dnsTtl: Duration.seconds(10),
      // ECS itself says which tasks are well.
      failureThreshold: 1,
    });
}

/**
 * What another service needs to ask a service that can be found.
 *
 * @param theirs how the other one is found, which for Service Connect decides whether it finds
 */
export function connectionTo(target: WebService, port: number, theirs: Discovery | undefined): Connection {
  const subject = `WebService "${target.node.path}"`;
  const { discovery } = target;
  if (!discovery)
    throw new Error(
      `${subject}: connectTo must find it by a name, got no discovery; pass discovery: Discovery.serviceConnect(namespace, '…') to it`,
    );
  const { namespace, serviceName, _kind } = discovery;
  const isConnect = _kind === DiscoveryKind.SERVICE_CONNECT;
  if (isConnect && !(theirs?._kind === _kind && theirs.namespace === namespace))
    throw new Error(
      `${subject}: connectTo must come from a service of the same namespace of Service Connect, got one that is not; give it discovery: Discovery.serviceConnect with that namespace too, or use Discovery.registry for both`,
    );
  const host = isConnect ? serviceName : `${serviceName}.${namespace.namespaceName}`;
  const variable = `${serviceName.toUpperCase().replace(/-/g, '_')}_URL`;
  return {
    connections: target,
    port: Port.tcp(port),
    environment: { [variable]: `http://${host}:${port}` },
    secrets: {},
  };
}
