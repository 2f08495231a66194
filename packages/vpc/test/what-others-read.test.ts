import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tier, VitalSign } from '@groundplan/core';
import { AcknowledgedRule, TemplateGraph } from '@groundplan/graph';
import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import { Egress, EndpointSet, FlowLogs, Network, NetworkAcls, NetworkProps } from '../src';
import { acknowledgeNetwork } from '../src/private/acknowledgements';
import { networkIn, stackIn } from './environments';

const GOLDEN = join(__dirname, 'what-others-read.json');

/** The kinds of network that differ in what is acknowledged. */
const KINDS: Readonly<Record<string, (stack: Stack) => NetworkProps>> = {
  'as it is': () => ({}),
  'with the default security group closed': () => ({ closeDefaultSecurityGroup: true }),
  'with a NAT instance': () => ({ egress: Egress.instance() }),
  'with a NAT instance that encrypts': () => ({
    egress: Egress.instance({ instanceType: new InstanceType('c7gn.medium') }),
  }),
  'in dual stack': () => ({ dualStack: true }),
  'behind network ACLs': () => ({ networkAcls: NetworkAcls.BY_TIER }),
  'with flow logs in S3': () => ({ flowLogs: FlowLogs.toS3() }),
  'with flow logs kept for a year, under keys': (stack) => {
    const encryptionKey = new Key(stack, 'Key');
    return { flowLogs: FlowLogs.toBoth({ retention: RetentionDays.ONE_YEAR, encryptionKey }, { encryptionKey }) };
  },
};

/** What was acknowledged, and not by CDK itself. */
function acknowledgedBy(stack: Stack): AcknowledgedRule[] {
  return TemplateGraph.of(stack)
    .acknowledgements()
    .filter(({ ruleId }) => !ruleId.startsWith('CloudFormation-Validate::'));
}

/** One line for each reason, with the rules and the constructs. */
function acknowledged(kind: string): string[] {
  const stack = stackIn(Tier.DEVELOPMENT);
  new Network(stack, 'Network', { zones: 1, ...KINDS[kind](stack) });
  const ours = acknowledgedBy(stack);
  return [...new Set(ours.map(({ reason }) => reason))].map((reason) => {
    const same = ours.filter((one) => one.reason === reason);
    const [rules, places] = [same.map(({ ruleId }) => ruleId), same.map(({ path }) => path)].map((all) =>
      [...new Set(all)].join(', '),
    );
    return `${rules} on ${places}: ${reason}`;
  });
}

/** A sign as an operator sees it, with references as they stand in the template. */
function described(stack: Stack, { source, alarms, ...sign }: VitalSign) {
  return {
    ...sign,
    metric: measured(stack, source.metric!),
    alarms: alarms.map(
      ({ severity, condition, threshold, breaches, periods, why, runbook }) =>
        `${severity} when ${condition} ${threshold} in ${breaches} of ${periods}: ${why} #${runbook}`,
    ),
  };
}

/** `Sum of AWS/EC2 NetworkOut every 300 s, {"InstanceId": …}`, or what is added up from such. */
function measured(stack: Stack, metric: IMetric): string {
  const { metricStat, mathExpression } = metric.toMetricConfig();
  if (mathExpression) {
    const parts = Object.entries(mathExpression.usingMetrics).map(([id, one]) => `${id} = ${measured(stack, one)}`);
    return `${mathExpression.expression} every ${mathExpression.period} s of ${parts.join('; ')}`;
  }
  const { statistic, namespace, metricName, period, dimensions = [] } = metricStat!;
  const where = dimensions.map(({ name, value }) => `${name}=${JSON.stringify(stack.resolve(value))}`).join(', ');
  const of = JSON.stringify(stack.resolve(namespace));
  return `${statistic} of ${metricName} in ${of} every ${period.toSeconds()} s where ${where || 'all'}`;
}

/** What stands in the golden file, written when a person asks for it with `UPDATE_CONTRACT=1`. */
function expectGolden(key: string, now: unknown): void {
  const plain = JSON.parse(JSON.stringify(now));
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8'));
  if (process.env.UPDATE_CONTRACT === '1' && !process.env.CI)
    writeFileSync(GOLDEN, `${JSON.stringify({ ...golden, [key]: plain }, undefined, 2)}\n`);
  else expect(plain).toEqual(golden[key]);
}

test.each(Object.keys(KINDS))(
  'an auditor reads which rules are acknowledged, where and why, in a network %s',
  (kind) => {
    const [usual, lines] = ['as it is', kind].map(acknowledged);
    const others = lines.filter((line) => kind === 'as it is' || !usual.includes(line));
    expectGolden(`acknowledged ${kind}`, [
      ...others,
      ...usual.filter((line) => !lines.includes(line)).map((line) => `not: ${line}`),
    ]);
  },
);

test('a CDK that closes the default security group without a function of its own leaves nothing to acknowledge', () => {
  const stack = stackIn(Tier.DEVELOPMENT);
  acknowledgeNetwork(new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [] }), {
    closeDefaultSecurityGroup: true,
  });
  expect(acknowledgedBy(stack)).toEqual([]);
});

test.each<[string, NetworkProps]>([
  ['NAT gateways and endpoints', { egress: Egress.perAz(), endpoints: [EndpointSet.SSM] }],
  ['a NAT instance', { egress: Egress.instance() }],
])('who is on call reads what is watched and when it alarms, in a network with %s', (kind, props) => {
  const { stack, network } = networkIn(Tier.PRODUCTION, { zones: 2, ...props });
  expectGolden(
    `signs with ${kind}`,
    network.vitalSigns().map((sign) => described(stack, sign)),
  );
});
