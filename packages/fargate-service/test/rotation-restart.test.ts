import { IConnectTarget, Tier } from '@groundplan/core';
import { ContainerLogs, ContainerSecret } from '@groundplan/task';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Ground, groundIn, serviceIn } from './services';

const arn = (name: string) => `arn:aws-x:secretsmanager:eu-central-1:111111111111:secret:${name}-AbCdEf`;
const secretIn = ({ stack }: Ground, name: string) => Secret.fromSecretCompleteArn(stack, name, arn(name));

/** A database as connectTo sees it. */
const database = (secret: ISecret): IConnectTarget => ({
  connectionFor: () => ({ environment: {}, secrets: { PGPASSWORD: { secret, field: 'password' } } }),
});

function restarts(ground: Ground) {
  return Object.values(Template.fromStack(ground.stack).findResources('AWS::Events::Rule')).map(
    ({ Properties }) => Properties.EventPattern,
  );
}

test('nothing is made while there is no secret, nor for a parameter', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const parameter = StringParameter.fromStringParameterName(ground.stack, 'Parameter', '/shop/flag');
  serviceIn(Tier.PRODUCTION, { secrets: { FLAG: ContainerSecret.fromParameter(parameter) } }, ground);
  expect(restarts(ground)).toEqual([]);
  Template.fromStack(ground.stack).resourceCountIs('AWS::StepFunctions::StateMachine', 0);
});

test('one rule watches every secret, also those that connectTo brings, each once', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const [jwt, password] = ['jwt', 'password'].map((name) => secretIn(ground, name));
  const secrets = { JWT: ContainerSecret.fromSecret(jwt), SALT: ContainerSecret.fromSecret(jwt, 'salt') };
  const { service } = serviceIn(Tier.PRODUCTION, { secrets }, ground);
  service.connectTo(database(password));
  expect(restarts(ground)).toEqual([
    {
      source: ['aws.secretsmanager'],
      'detail-type': ['AWS Service Event via CloudTrail'],
      detail: {
        eventName: ['RotationSucceeded'],
        additionalEventData: { SecretId: [arn('jwt'), arn('password')] },
      },
    },
  ]);
});

test('what a log router is filled from is watched too', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const logs = ContainerLogs.toFireLens({
    options: { Name: 'http', Host: 'logs.example.com', tls: 'on' },
    secretOptions: { Header: ContainerSecret.fromSecret(secretIn(ground, 'logs')) },
  });
  serviceIn(Tier.PRODUCTION, { container: { logs } }, ground);
  expect(restarts(ground).map(({ detail }) => detail.additionalEventData.SecretId)).toEqual([[arn('logs')]]);
});

test('of an imported secret without its last six characters the beginning is enough', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const secret = Secret.fromSecretNameV2(ground.stack, 'Imported', 'shop/jwt');
  serviceIn(Tier.PRODUCTION, { secrets: { JWT: ContainerSecret.fromSecret(secret) } }, ground);
  const [{ detail }] = restarts(ground);
  expect(detail.additionalEventData.SecretId).toEqual([
    { prefix: { 'Fn::Join': ['', [expect.any(String), expect.anything(), expect.stringMatching(/:shop\/jwt-$/)]] } },
  ]);
});

test('it waits a minute, looks whether somebody deployed meanwhile, and restarts this service', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const secrets = { JWT: ContainerSecret.fromSecret(secretIn(ground, 'jwt')) };
  serviceIn(Tier.PRODUCTION, { secrets }, ground);
  const template = Template.fromStack(ground.stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const text = Properties.DefinitionString['Fn::Join'][1]
    .map((part: string | object) => (typeof part === 'string' ? part : 'X'))
    .join('');
  const { StartAt, States } = JSON.parse(text);
  expect([StartAt, States.Settle.Seconds, States.Since.Default]).toEqual(['Settle', 60, 'Restart']);
  expect(States.Since.Choices).toEqual([
    { Variable: '$.deployedAt', TimestampGreaterThanPath: '$.rotatedAt', Next: 'Done' },
  ]);
  expect(States.Restart.Parameters).toEqual({ Cluster: 'X', Service: 'X', ForceNewDeployment: true });
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [
        {
          Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
          Resource: { Ref: Match.stringLikeRegexp('^ApiService') },
        },
      ],
    },
  });
});

test('it can be left out', () => {
  const ground = groundIn(Tier.PRODUCTION);
  const secrets = { JWT: ContainerSecret.fromSecret(secretIn(ground, 'jwt')) };
  serviceIn(Tier.PRODUCTION, { secrets, restartOnRotation: false }, ground);
  expect(restarts(ground)).toEqual([]);
});
