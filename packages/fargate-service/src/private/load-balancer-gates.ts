import type { Mistakes } from '@groundplan/core';
import { Port } from 'aws-cdk-lib/aws-ec2';
import type { ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Token } from 'aws-cdk-lib/core';
import type { InternalLoadBalancerOptions, LoadBalancerOptions } from '../ingress';
import { acknowledgePublicEntry } from './acknowledgements';
import { checkHostname, checkRegionalCertificate } from './check-hostname';
import { Gate, PUBLIC_INGRESS, Site } from './gate';
import { certificateFor, loadBalancerFor, recordFor } from './load-balancer';

/** HTTPS from the internet, and a redirect from HTTP. */
export function publicGate(options: LoadBalancerOptions): Gate {
  return {
    check: (site, mistakes) => check(site, options, 'publicLoadBalancer', mistakes),
    hostname: options.hostname,
    build(site, action) {
      const entrance = build(site, options, true, action);
      const { loadBalancer } = entrance;
      loadBalancer.node.addMetadata(
        PUBLIC_INGRESS,
        `Ingress.publicLoadBalancer of "${site.scope.node.path}": clients on the internet ask ${options.hostname ?? 'this balancer'} over HTTPS.`,
      );
      loadBalancer.connections.allowFromAnyIpv4(Port.tcp(443), 'HTTPS from the internet');
      loadBalancer.connections.allowFromAnyIpv4(Port.tcp(80), 'HTTP from the internet, which is redirected');
      acknowledgePublicEntry(loadBalancer, loadBalancer.addRedirect({ open: false }));
      return entrance;
    },
  };
}

/** HTTPS from those who are let in. */
export function internalGate(options: InternalLoadBalancerOptions): Gate {
  return {
    check: (site, mistakes) => check(site, options, 'internalLoadBalancer', mistakes),
    hostname: options.hostname,
    build(site, action) {
      const entrance = build(site, options, false, action);
      for (const client of options.clients ?? [])
        entrance.loadBalancer.connections.allowFrom(client, Port.tcp(443), 'HTTPS from a client');
      return { ...entrance, internal: entrance.loadBalancer };
    },
  };
}

function build(site: Site, options: LoadBalancerOptions, internetFacing: boolean, action: ListenerAction) {
  const { hostname, zone, idleTimeout } = options;
  const certificate = options.certificate ?? certificateFor(site.scope, hostname!, zone!);
  const purpose = { internetFacing, certificate, hostname, idleTimeout };
  const entrance = loadBalancerFor(site, purpose, action);
  if (hostname && zone) recordFor(site.scope, hostname, zone, new LoadBalancerTarget(entrance.loadBalancer));
  return entrance;
}

function check({ scope }: Site, options: LoadBalancerOptions, word: string, mistakes: Mistakes): void {
  const { hostname, zone, certificate, idleTimeout } = options;
  if (!certificate && !(hostname && zone))
    mistakes.add({
      prop: 'ingress',
      mustBe: 'given a certificate, or a hostname and its zone to make one in',
      got: [hostname && `hostname "${hostname}"`, zone && 'a zone'].filter(Boolean).join(' and ') || 'neither',
      remedy: `write Ingress.${word}({ hostname: 'api.example.com', zone }); HTTPS needs a certificate`,
    });
  checkHostname(hostname, zone, mistakes);
  checkRegionalCertificate(scope, 'certificate', certificate, mistakes);
  const seconds = idleTimeout?.toSeconds({ integral: false });
  if (seconds === undefined || Token.isUnresolved(seconds)) return;
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= 4000))
    mistakes.add({
      prop: 'ingress.idleTimeout',
      mustBe: '1 to 4000 whole seconds',
      got: `${seconds}`,
      remedy: 'let clients of longer connections ping',
    });
}
