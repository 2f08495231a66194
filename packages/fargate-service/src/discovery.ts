import type { INamespace } from 'aws-cdk-lib/aws-servicediscovery';

/** @internal Which of the two mechanisms. */
export enum DiscoveryKind {
  SERVICE_CONNECT = 'serviceConnect',
  REGISTRY = 'registry',
}

/** How other services find a service (BB-034). */
export class Discovery {
  /**
   * By a short name inside of a namespace: `http://api:8080`. A proxy beside every task balances, tries again and counts. Only
   * services of the same namespace can ask; it goes with every kind of deployment.
   *
   * @param namespace an HTTP or a DNS namespace of Cloud Map
   * @param name what others call it, in lower-case letters, digits and hyphens
   */
  public static serviceConnect(namespace: INamespace, name: string): Discovery {
    return new Discovery(DiscoveryKind.SERVICE_CONNECT, namespace, named(name));
  }

  /**
   * By a name in the private DNS of the network: `http://api.shop.internal:8080`. Whoever is in the network finds the addresses
   * of the tasks and asks one of them. Not with a deployment that shifts traffic: DNS cannot (C34).
   *
   * @param namespace a private DNS namespace of Cloud Map
   * @param name what others call it, in lower-case letters, digits and hyphens
   */
  public static registry(namespace: INamespace, name: string): Discovery {
    return new Discovery(DiscoveryKind.REGISTRY, namespace, named(name));
  }

  private constructor(
    /** @internal */
    public readonly _kind: DiscoveryKind,
    /** The namespace of Cloud Map. */
    public readonly namespace: INamespace,
    /** What others call it. */
    public readonly serviceName: string,
  ) {}
}

function named(name: string): string {
  if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
    throw new Error(
      `Discovery: name must be 1 to 63 lower-case letters, digits and inner hyphens, beginning with a letter, got "${name}"; it becomes a name of DNS, and with _URL behind it a variable`,
    );
  return name;
}
