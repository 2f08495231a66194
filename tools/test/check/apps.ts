import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack, Validations, aws_lambda as lambda, aws_logs as logs } from 'aws-cdk-lib';
import { Subject } from '../../check/subject';

const assemblies: string[] = [];
afterAll(() => assemblies.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** An App that is synthesized as the CDK CLI does it, but into a folder of its own. */
export function anApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), 'assembly-'));
  assemblies.push(outdir);
  return new App({ outdir, analyticsReporting: true, builtinCloudFormationValidation: false });
}

/** Things in which every tool finds something. */
export interface Bad {
  readonly subnet: CfnResource;
  readonly logGroup: logs.CfnLogGroup;
  readonly handler: lambda.CfnFunction;
}

export function aBadStack(app: App, id: string): Bad {
  const stack = new Stack(app, id, { env: { account: '111111111111', region: 'eu-central-1' } });
  const subnet = new CfnResource(stack, 'Subnet', { type: 'AWS::EC2::Subnet', properties: { Nope: 1 } });
  const logGroup = new logs.CfnLogGroup(stack, 'Logs', { retentionInDays: 30 });
  const handler = new lambda.CfnFunction(stack, 'Handler', {
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    role: `arn:${stack.partition}:iam::111111111111:role/handler`,
    code: { zipFile: 'exports.handler = () => undefined' },
  });
  // Their own ways to switch a rule off, without a reason that anybody reads: they must not count.
  subnet.addMetadata('cfn-lint', { config: { ignore_checks: ['E3002'] } });
  logGroup.addMetadata('checkov', { skip: [{ id: 'CKV_AWS_158', comment: 'hidden' }] });
  return { subnet, logGroup, handler };
}

/** A rule of each tool that finds something in a bad stack, by tool, with the construct that it is found in. */
export const FOUND: readonly { readonly id: string; readonly at: keyof Bad }[] = [
  { id: 'CloudFormation-Validate::F3002', at: 'subnet' },
  { id: 'AwsSolutions::AwsSolutions-L1', at: 'handler' },
  { id: 'NIST.800.53.R5::NIST.800.53.R5-CloudWatchLogGroupEncrypted', at: 'logGroup' },
  { id: 'PCI.DSS.321::PCI.DSS.321-CloudWatchLogGroupEncrypted', at: 'logGroup' },
  { id: 'HIPAA.Security::HIPAA.Security-CloudWatchLogGroupEncrypted', at: 'logGroup' },
  { id: 'Serverless::Serverless-LambdaTracing', at: 'handler' },
  { id: 'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check', at: 'logGroup' },
  { id: 'cfn-lint::E3002', at: 'subnet' },
  { id: 'checkov::CKV_AWS_158', at: 'logGroup' },
  { id: 'groundplan::TagCompleteness', at: 'logGroup' },
];

export function acknowledgeAll(bad: Bad, reason: string): void {
  for (const { id, at } of FOUND) Validations.of(bad[at]).acknowledge({ id, reason });
}

export function subjectOf(app: App): Subject {
  return new Subject(app, app.synth().directory);
}

/** Spoils a template after it was written. */
export function spoil(subject: Subject): void {
  for (const { file } of subject.templates) writeFileSync(file, '{"Resources": {');
}
