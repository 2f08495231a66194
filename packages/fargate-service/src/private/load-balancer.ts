import { Certificate, CertificateValidation, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  DesyncMitigationMode,
  ListenerAction,
  ListenerCondition,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, IAliasRecordTarget, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { keepAccessLogs } from './access-logs';
import { acknowledgeLoadBalancer } from './acknowledgements';
import { closeOutbound } from './closed-outbound';
import { FIXED } from './defaults';
import type { Entrance, Site } from './gate';

/** What a balancer is made for. */
interface Purpose {
  readonly internetFacing: boolean;
  readonly certificate: ICertificate;
  /** The only name that it answers to; any where there is none. */
  readonly hostname?: string;
  readonly idleTimeout?: Duration;
}

/** Behind every other rule of the listener, so that services which join it are asked first. */
const LAST_PRIORITY = 50000;

/** A balancer of one HTTPS listener with one rule; all else gets 404. */
export function loadBalancerFor(
  { scope, vpc, defaults }: Site,
  purpose: Purpose,
  action: ListenerAction,
): Entrance & { readonly loadBalancer: ApplicationLoadBalancer; readonly listener: ApplicationListener } {
  const loadBalancer = new ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc,
    vpcSubnets: { subnetType: purpose.internetFacing ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS },
    internetFacing: purpose.internetFacing,
    deletionProtection: defaults.deletionProtection,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: DesyncMitigationMode.DEFENSIVE,
    idleTimeout: purpose.idleTimeout ?? Duration.seconds(FIXED.idleTimeoutSeconds),
  });
  loadBalancer.connections.securityGroups.forEach(closeOutbound);
  const listener = loadBalancer.addListener('Https', {
    port: 443,
    protocol: ApplicationProtocol.HTTPS,
    certificates: [purpose.certificate],
    // TLS 1.3 and 1.2, with key exchanges that a quantum computer does not break.
    sslPolicy: SslPolicy.TLS13_12_PQ,
    open: false,
    defaultAction: ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' }),
  });
  const conditions = [
    purpose.hostname ? ListenerCondition.hostHeaders([purpose.hostname]) : ListenerCondition.pathPatterns(['/*']),
  ];
  const rule = new ApplicationListenerRule(scope, 'Rule', { listener, priority: LAST_PRIORITY, conditions, action });
  const { accessLogDays } = defaults;
  const accessLogs = accessLogDays > 0 ? keepAccessLogs(scope, loadBalancer, accessLogDays) : undefined;
  acknowledgeLoadBalancer(loadBalancer, defaults);
  return { loadBalancer, listener, rule, conditions, priority: LAST_PRIORITY, accessLogs };
}

/** The certificate of a name, validated in its zone. */
export function certificateFor(scope: Construct, hostname: string, zone: IHostedZone): Certificate {
  return new Certificate(scope, 'Certificate', {
    domainName: hostname,
    validation: CertificateValidation.fromDns(zone),
  });
}

/** The record of a name. */
export function recordFor(scope: Construct, hostname: string, zone: IHostedZone, target: IAliasRecordTarget): void {
  new ARecord(scope, 'Alias', { zone, recordName: `${hostname}.`, target: RecordTarget.fromAlias(target) });
}
