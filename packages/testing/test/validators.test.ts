import {
  App,
  CfnResource,
  NestedStack,
  Stack,
  Validations,
  aws_ec2 as ec2,
  aws_s3 as s3,
  aws_sns as sns,
} from 'aws-cdk-lib';
import { HIPAASecurityChecks } from 'cdk-nag';
import { cloudFormationFindings, everyPack, expectClean, nagFindings } from '../src';

function aTopic(): { app: App; stack: Stack; topic: sns.Topic } {
  const app = new App();
  const stack = new Stack(app, 'stack');
  return { app, stack, topic: new sns.Topic(stack, 'Topic') };
}

/** Something that no validator has anything against. */
function aCleanStack(): Stack {
  const stack = new Stack(new App(), 'stack');
  new ec2.CfnEIP(stack, 'Address');
  return stack;
}

/** A subnet with a property that CloudFormation does not know, and without its VPC. */
function aBadSubnet(stack: Stack): CfnResource {
  return new CfnResource(stack, 'Bad', { type: 'AWS::EC2::Subnet', properties: { Nope: 1 } });
}

describe('nagFindings', () => {
  test('names pack, rule, construct path and reason', () => {
    const { stack } = aTopic();
    expect(nagFindings(stack).findings).toContainEqual({
      source: 'AwsSolutions',
      rule: 'AwsSolutions-SNS3',
      path: 'stack/Topic/Resource',
      reason: expect.stringContaining('SSL'),
    });
  });

  test('runs NIST 800-53 revision 5 too, without its lists of control ids', () => {
    const nist = nagFindings(aTopic().stack).findings.filter(({ source }) => source === 'NIST.800.53.R5');
    expect(nist.map(({ rule }) => rule)).toContain('NIST.800.53.R5-SNSEncryptedKMS');
    expect(nist.filter(({ reason }) => reason.includes('Control IDs'))).toEqual([]);
  });

  test('runs the packs that it is given', () => {
    const sources = nagFindings(aTopic().stack, [new HIPAASecurityChecks()]).findings.map(({ source }) => source);
    expect(new Set(sources)).toEqual(new Set(['HIPAA.Security']));
  });

  test('runs every pack that the target check runs, PCI DSS, HIPAA and Serverless too', () => {
    const { findings } = nagFindings(aTopic().stack, everyPack());
    const found = ['AwsSolutions', 'NIST.800.53.R5', 'PCI.DSS.321', 'HIPAA.Security', 'Serverless'];
    expect(everyPack().map(({ name }) => name)).toEqual(found);
    expect(findings.map(({ rule }) => rule)).toContain('PCI.DSS.321-SNSEncryptedKMS');
    expect(findings.filter(({ reason }) => reason.includes('Control ID'))).toEqual([]);
  });

  test.each(['AwsSolutions-SNS3', 'AwsSolutions::AwsSolutions-SNS3'])('honours the acknowledgement %s', (id) => {
    const { stack, topic } = aTopic();
    Validations.of(topic).acknowledge({ id, reason: 'only services of this account publish' });
    const report = nagFindings(stack);
    expect(report.findings.map(({ rule }) => rule)).not.toContain('AwsSolutions-SNS3');
    expect(report.acknowledged).toContainEqual(
      expect.objectContaining({
        rule: 'AwsSolutions-SNS3',
        path: 'stack/Topic/Resource',
        acknowledgedAt: 'stack/Topic',
        because: 'only services of this account publish',
      }),
    );
    expect(report.unused).toEqual([]);
  });

  test('an acknowledgement covers its own construct and what is below it, not its neighbours', () => {
    const { stack, topic } = aTopic();
    new sns.Topic(stack, 'Topic2');
    Validations.of(topic).acknowledge({ id: 'AwsSolutions-SNS3', reason: 'this one only' });
    const paths = nagFindings(stack)
      .findings.filter(({ rule }) => rule === 'AwsSolutions-SNS3')
      .map(({ path }) => path);
    expect(paths).toEqual(['stack/Topic2/Resource']);
  });

  test('lists an acknowledgement that matches nothing', () => {
    const { stack, topic } = aTopic();
    Validations.of(topic).acknowledge({ id: 'AwsSolutions-SNS33', reason: 'misspelt' });
    expect(nagFindings(stack).unused).toEqual([
      { id: 'Annotation::AwsSolutions-SNS33', acknowledgedAt: 'stack/Topic', because: 'misspelt' },
    ]);
  });

  test('reads every stack of an app', () => {
    const { app } = aTopic();
    new sns.Topic(new Stack(app, 'second'), 'Topic');
    const paths = nagFindings(app).findings.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['stack/Topic/Resource', 'second/Topic/Resource']));
  });
});

describe('cloudFormationFindings', () => {
  test('names what CloudFormation would refuse, with CDK_VALIDATION=false too', () => {
    process.env.CDK_VALIDATION = 'false';
    const { stack } = aTopic();
    aBadSubnet(stack);
    const { findings } = cloudFormationFindings(stack);
    expect(new Set(findings.map(({ path }) => path))).toEqual(new Set(['stack/Bad']));
    const reasons = findings.map(({ reason }) => reason);
    expect(reasons).toContainEqual(expect.stringContaining("'Nope' was unexpected"));
    expect(reasons).toContainEqual(expect.stringContaining("'VpcId' is a required property"));
  });

  test('has nothing against a valid template', () => {
    expect(cloudFormationFindings(aTopic().stack).findings).toEqual([]);
  });

  test('reads nested stacks', () => {
    const { stack } = aTopic();
    aBadSubnet(new NestedStack(stack, 'Inner'));
    expect(cloudFormationFindings(stack).findings.map(({ path }) => path)).toContain('stack/Inner/Bad');
  });

  test('honours an acknowledgement by the rule', () => {
    const { stack } = aTopic();
    const bad = aBadSubnet(stack);
    const [{ rule }] = cloudFormationFindings(stack).findings;
    Validations.of(bad).acknowledge({ id: `CloudFormation-Validate::${rule}`, reason: 'newer than the validator' });
    const report = cloudFormationFindings(stack);
    expect(report.findings.map((finding) => finding.rule)).not.toContain(rule);
    expect(report.acknowledged.map(({ because }) => because)).toEqual(['newer than the validator']);
  });
});

describe('expectClean', () => {
  test('fails with rule, construct path and reason of either validator', () => {
    const { stack } = aTopic();
    aBadSubnet(stack);
    const clean = () => expectClean(stack);
    expect(clean).toThrow(/stack\/Topic\/Resource\n +AwsSolutions::AwsSolutions-SNS3 {2}The SNS Topic/);
    expect(clean).toThrow(/stack\/Bad\n +CloudFormation-Validate::F\d+ {2}Nope/);
    expect(clean).toThrow('Validations.of(child).acknowledge');
  });

  test('passes when everything is fixed or acknowledged, and hands back what was', () => {
    const stack = new Stack(new App(), 'stack');
    const topic = new sns.Topic(stack, 'Topic', { enforceSSL: true });
    Validations.of(topic).acknowledge({ id: 'NIST.800.53.R5-SNSEncryptedKMS', reason: 'carries no data' });
    expect(expectClean(stack).acknowledged.map(({ because }) => because)).toEqual(['carries no data']);
  });

  test('fails on an acknowledgement that is no longer needed, unless that is allowed', () => {
    const stack = aCleanStack();
    Validations.of(stack).acknowledge({ id: 'AwsSolutions-SNS3', reason: 'there is no topic' });
    expect(() => expectClean(stack)).toThrow('match no finding');
    expect(expectClean(stack, { allowUnused: true }).unused).toHaveLength(1);
  });

  test('leaves alone what other validators were asked to accept', () => {
    const stack = aCleanStack();
    Validations.of(stack).acknowledge({ id: '@aws-cdk/aws-ec2:something', reason: 'a warning of CDK' });
    expect(() => expectClean(stack)).not.toThrow();
  });

  test('a bucket as CDK makes it is not clean', () => {
    const stack = new Stack(new App(), 'stack');
    new s3.Bucket(stack, 'Bucket');
    expect(() => expectClean(stack)).toThrow('AwsSolutions-S1');
  });
});
