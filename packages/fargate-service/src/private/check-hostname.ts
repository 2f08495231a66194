import type { Mistakes } from '@groundplan/core';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Notes a name that does not lie in its zone. */
export function checkHostname(hostname: string | undefined, zone: IHostedZone | undefined, mistakes: Mistakes): void {
  if (zone && !hostname)
    mistakes.add({
      prop: 'ingress.hostname',
      mustBe: 'given with a zone',
      got: 'nothing',
      remedy: 'name the record that is to be made in it, or leave zone out',
    });
  if (!hostname || !zone || Token.isUnresolved(hostname) || Token.isUnresolved(zone.zoneName)) return;
  const name = zone.zoneName.replace(/\.$/, '');
  if (hostname === name || hostname.endsWith(`.${name}`)) return;
  mistakes.add({
    prop: 'ingress.hostname',
    mustBe: `in the zone ${name}`,
    got: `"${hostname}"`,
    remedy: `write something.${name}, or pass the zone of ${hostname}`,
  });
}

/** Notes a certificate of another region than the one in which it is used. */
export function checkCertificate(
  prop: string,
  certificate: ICertificate | undefined,
  wanted: { readonly region: string; readonly because: string },
  mistakes: Mistakes,
): void {
  if (!certificate) return;
  const arn = certificate.certificateArn;
  // One that is imported by a token may stand anywhere: CDK says the region of the stack that imports it.
  const made = certificate.node.defaultChild ? certificate.env.region : undefined;
  const theirs = Token.isUnresolved(arn) ? made : arn.split(':')[3];
  if (
    theirs === undefined ||
    Token.isUnresolved(theirs) ||
    Token.isUnresolved(wanted.region) ||
    theirs === wanted.region
  )
    return;
  mistakes.add({
    prop: `ingress.${prop}`,
    mustBe: `in ${wanted.region}, ${wanted.because}`,
    got: `one in ${theirs}`,
    remedy: `make it in a stack of ${wanted.region}, or import one from there`,
  });
}

/** Notes a certificate that a load balancer in this stack cannot use. */
export function checkRegionalCertificate(
  scope: Construct,
  prop: string,
  certificate: ICertificate | undefined,
  mistakes: Mistakes,
): void {
  const { region } = Stack.of(scope);
  checkCertificate(prop, certificate, { region, because: 'where the load balancer stands' }, mistakes);
}
