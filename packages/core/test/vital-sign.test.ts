import { Stack } from 'aws-cdk-lib/core';
import { MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmRule, GoldenSignal, Severity, SignSource, SignUnit, VitalSign } from '../src';

const bytes = new Metric({ namespace: 'AWS/NATGateway', metricName: 'BytesOutToDestination' });
const rule = { severity: Severity.WARNING, why: 'Somebody sends more than usual.', runbook: 'nat-egress' };
const sign = (source: SignSource, alarms: AlarmRule[]) =>
  new VitalSign({
    id: 'NatBytesOut',
    title: 'NAT bytes out',
    source,
    signal: GoldenSignal.COST,
    unit: SignUnit.BYTES,
    alarms,
  });

test('a sign says what it is, where it is read and when it deserves an alarm', () => {
  const alarm = AlarmRule.anomaly(3, { ...rule, periods: 3, breaches: 2 });
  expect(sign(SignSource.ofMetric(bytes), [alarm])).toMatchObject({
    id: 'NatBytesOut',
    signal: 'cost',
    unit: 'bytes',
    source: { metric: bytes },
    alarms: [
      { condition: 'anomaly', threshold: 3, breaches: 2, periods: 3, missingData: TreatMissingData.NOT_BREACHING },
    ],
  });
});

test('metric mathematics and events are sources too', () => {
  const ratio = new MathExpression({ expression: 'a / 2', usingMetrics: { a: bytes } });
  expect(sign(SignSource.ofMetric(ratio), [AlarmRule.above(5, rule)]).source.metric).toBe(ratio);
  const pattern = { source: ['aws.ecs'] };
  expect(sign(SignSource.ofEvents(pattern), [AlarmRule.onEvent(rule)]).source.eventPattern).toBe(pattern);
});

test('making a sign creates no resource', () => {
  const stack = new Stack();
  sign(SignSource.ofMetric(bytes.attachTo(stack)), [AlarmRule.above(1, rule)]);
  expect(stack.node.children).toEqual([]);
});

test('an alarm that does not fit its source is refused', () => {
  expect(() => sign(SignSource.ofMetric(bytes), [AlarmRule.onEvent(rule)])).toThrow(
    'got event on a metric; use AlarmRule.onEvent for events',
  );
  expect(() => sign(SignSource.ofEvents({}), [AlarmRule.below(1, rule)])).toThrow('got below on events');
});

test('more breaches than periods, a threshold that is no number, and an id that is no noun are refused', () => {
  expect(() => AlarmRule.above(1, { ...rule, breaches: 3, periods: 2 })).toThrow(
    'breaches must be between 1 and periods (2), got 3',
  );
  expect(() => AlarmRule.above(1, { ...rule, breaches: 0, periods: 2 })).toThrow('got 0; raise periods or lower');
  expect(() => AlarmRule.above(NaN, rule)).toThrow('threshold must be a finite number, got NaN');
  const source = SignSource.ofMetric(bytes);
  for (const id of ['nat bytes', 'natBytes', 'NatBytes!', 'aNat'])
    expect(() => new VitalSign({ id, title: '', source, signal: GoldenSignal.COST, unit: SignUnit.BYTES })).toThrow(
      `id must be a PascalCase noun, got "${id}"`,
    );
});

test('a sign without alarms has none', () => {
  const source = SignSource.ofMetric(bytes);
  expect(
    new VitalSign({ id: 'Nat', title: '', source, signal: GoldenSignal.COST, unit: SignUnit.BYTES }).alarms,
  ).toEqual([]);
});
