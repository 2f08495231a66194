import { CfnResource, CustomResource, NestedStack } from 'aws-cdk-lib';
import { Checked, acknowledge, said } from '../checked';

const RULE = 'ResourceTypeExists';

test('a type that AWS does not have is found, with the one that was meant', () => {
  const checked = new Checked((stack) => new CfnResource(stack, 'It', { type: 'AWS::EC2::Vpc' }));
  const [finding] = checked.findings().filter(({ ruleId }) => ruleId === RULE);
  expect(finding.message).toBe('Shop/It is of the type "AWS::EC2::Vpc", which AWS does not have.');
  expect(finding.fix).toContain('Did you mean "AWS::EC2::VPC"?');
});

test('custom resources, nested stacks and types of others are none of its business', () => {
  const messages = said(RULE, (stack) => {
    new CustomResource(stack, 'Custom', { serviceToken: 'x', resourceType: 'Custom::Mine' });
    new NestedStack(stack, 'Nested');
    new CfnResource(stack, 'Other', { type: 'MongoDB::Atlas::Cluster' });
  });
  expect(messages).toEqual([]);
});

test('is acknowledged like every rule', () => {
  const checked = new Checked((stack) =>
    acknowledge(new CfnResource(stack, 'It', { type: 'AWS::New::Thing' }), 'groundplan::ResourceTypeExists'),
  );
  expect(checked.said(RULE)).toEqual([]);
});
