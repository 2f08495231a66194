import { FlowLog, FlowLogResourceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Checked, acknowledge, said } from '../checked';

const RULE = 'FlowLogs';

test('a VPC that records nothing is found, one that does is not', () => {
  expect(said(RULE, (stack) => new Vpc(stack, 'Vpc'))).toEqual(['Shop/Vpc/Resource records no traffic.']);
  expect(said(RULE, (stack) => new Vpc(stack, 'Vpc').addFlowLog('Log'))).toEqual([]);
});

test('a VPC may record in its subnets, when it does in all of them', () => {
  const recording = (count: number) =>
    said(RULE, (stack) => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
      const subnets = [...vpc.publicSubnets, ...vpc.isolatedSubnets, ...vpc.privateSubnets];
      subnets
        .slice(0, count)
        .forEach(
          (subnet, i) => new FlowLog(stack, `Log${i}`, { resourceType: FlowLogResourceType.fromSubnet(subnet) }),
        );
    });
  expect(recording(2)).toEqual([]);
  expect(recording(1)).toEqual(['Shop/Vpc/Resource records no traffic.']);
});

test('a VPC without subnets records nothing either', () => {
  expect(said(RULE, (stack) => new Vpc(stack, 'Vpc', { subnetConfiguration: [] }))).toHaveLength(1);
});

test('is acknowledged like every rule', () => {
  const checked = new Checked((stack) => acknowledge(new Vpc(stack, 'Vpc'), 'groundplan::FlowLogs'));
  expect(checked.said(RULE)).toEqual([]);
});
