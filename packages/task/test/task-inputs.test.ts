import { Tier } from '@groundplan/core';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Aws, CfnParameter, Duration, Fn, Lazy, Stack, Token } from 'aws-cdk-lib/core';
import { ContainerLogs, ContainerSecret, Image, Tag } from '../src';
import { groundIn, scheduledIn, taskIn } from './environments';
import { statementsOf } from './policies';

function imported(stack: Stack) {
  return Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    privateSubnetIds: ['subnet-a', 'subnet-b'],
  });
}

describe('what others made', () => {
  test('a VPC: the task stands in it, and its runs in its private subnets', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const { stack } = scheduledIn(Tier.PRODUCTION, { vpc: imported(ground.stack) }, ground);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-1' });
    const [{ Properties }] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    expect(JSON.stringify(Properties)).toContain(String.raw`\"Subnets\":[\"subnet-a\",\"subnet-b\"]`);
  });

  test('a repository: the task may pull from it and from no other', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const repository = Repository.fromRepositoryName(ground.stack, 'Repository', 'shop/report');
    const image = Image.fromRepository(repository, { tag: Tag.of('2026-11-21.3') });
    const { stack, task } = taskIn(Tier.PRODUCTION, { image }, ground);
    expect(statementsOf(stack, task.executionRole)).toContainEqual(
      expect.objectContaining({
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
        Resource: stack.resolve(repository.repositoryArn),
      }),
    );
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Image: { 'Fn::Join': ['', Match.arrayWith(['/shop/report:2026-11-21.3'])] } }],
    });
  });

  test('secrets and parameters: they come by reference, and each may be read alone', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const secret = Secret.fromSecretNameV2(ground.stack, 'Secret', 'shop/api');
    const parameter = StringParameter.fromSecureStringParameterAttributes(ground.stack, 'Parameter', {
      parameterName: '/shop/flag',
    });
    const { stack, task } = taskIn(
      Tier.PRODUCTION,
      {
        secrets: {
          API_KEY: ContainerSecret.fromSecret(secret, 'apiKey'),
          ALL: ContainerSecret.fromSecret(secret),
          FLAG: ContainerSecret.fromParameter(parameter),
        },
      },
      ground,
    );
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition'));
    const arn = JSON.stringify(stack.resolve(secret.secretArn));
    const given = JSON.stringify(Properties.ContainerDefinitions[0].Secrets);
    expect(Properties.ContainerDefinitions[0].Secrets.map(({ Name }: { Name: string }) => Name)).toEqual([
      'API_KEY',
      'ALL',
      'FLAG',
    ]);
    expect(given).toContain('secret:shop/api:apiKey::');
    expect(given).toContain(arn.replace(/^"|"$/g, '').slice(-20));
    expect(given).toContain('parameter/shop/flag');
    expect(Properties.ContainerDefinitions[0].Environment).toBeUndefined();
    const readable = statementsOf(stack, task.executionRole).filter(({ Action }) =>
      /Get(Secret|Param)/.test(`${Action}`),
    );
    expect(readable.map(({ Resource }) => JSON.stringify(Resource))).toEqual([
      expect.stringContaining('secret:shop/api-??????'),
      expect.stringContaining('parameter/shop/flag'),
    ]);
    // Who starts it reads them; the application need not.
    expect(statementsOf(stack, task.taskRole)).toEqual([]);
  });

  test('a key: it encrypts every log group of the task', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const encryptionKey = Key.fromKeyArn(
      ground.stack,
      'Key',
      ground.stack.formatArn({ service: 'kms', resource: 'key/1' }),
    );
    const logs = ContainerLogs.toCloudWatch({ encryptionKey, retention: RetentionDays.ONE_YEAR });
    const { stack } = scheduledIn(Tier.PRODUCTION, { container: { logs } }, ground);
    const groups = Object.entries(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    // Shells are recorded by the cluster, which others share.
    const own = groups.filter(([id]) => !id.includes('ExecLogs')).map(([, { Properties }]) => Properties);
    expect(own.map(({ KmsKeyId, RetentionInDays }) => [KmsKeyId, RetentionInDays])).toEqual(
      Array(2).fill([stack.resolve(encryptionKey.keyArn), 365]),
    );
  });

  test('a private registry: its credentials come from a secret', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const credentials = Secret.fromSecretNameV2(ground.stack, 'Registry', 'registry');
    const image = Image.fromRegistry('registry.example.com/report:1.4.0', { credentials });
    const { stack } = taskIn(Tier.PRODUCTION, { image }, ground);
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        {
          Image: 'registry.example.com/report:1.4.0',
          RepositoryCredentials: { CredentialsParameter: stack.resolve(credentials.secretArn) },
        },
      ],
    });
  });
});

describe('what is known only at deployment', () => {
  test('stands in the template as it is', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const number = (id: string) => new CfnParameter(ground.stack, id, { type: 'Number' }).valueAsNumber;
    const { stack } = taskIn(
      Tier.PRODUCTION,
      {
        cpu: number('Cpu'),
        memoryMiB: number('Memory'),
        port: number('Port'),
        image: Image.fromRegistry(Fn.importValue('Image')),
        environment: { REGION: Aws.REGION, LATER: Lazy.string({ produce: () => 'known' }) },
        container: { command: ['run', Aws.STACK_NAME] },
      },
      ground,
    );
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: { Ref: 'Cpu' },
      Memory: { Ref: 'Memory' },
      ContainerDefinitions: [
        {
          Image: { 'Fn::ImportValue': 'Image' },
          Command: ['run', { Ref: 'AWS::StackName' }],
          PortMappings: [{ ContainerPort: { Ref: 'Port' } }],
          Environment: [
            { Name: 'PORT', Value: { Ref: 'Port' } },
            { Name: 'REGION', Value: { Ref: 'AWS::Region' } },
            { Name: 'LATER', Value: 'known' },
          ],
        },
      ],
    });
  });

  test('a time to end', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const seconds = new CfnParameter(ground.stack, 'Seconds', { type: 'Number' }).valueAsNumber;
    const { stack } = taskIn(Tier.PRODUCTION, { container: { stopTimeout: Duration.seconds(seconds) } }, ground);
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ StopTimeout: { Ref: 'Seconds' } }],
    });
  });

  test('a tag, also one that a parameter of Systems Manager holds (CA-091)', () => {
    const ground = groundIn(Tier.PRODUCTION);
    const repository = Repository.fromRepositoryName(ground.stack, 'Repository', 'report');
    for (const tag of [Tag.of(Token.asString({ Ref: 'Tag' })), Tag.fromParameter('/shop/report/image-tag')])
      expect(() => Image.fromRepository(repository, { tag })).not.toThrow();
    const image = Image.fromRepository(repository, { tag: Tag.fromParameter('/shop/report/image-tag') });
    const template = Template.fromStack(taskIn(Tier.PRODUCTION, { image }, ground).stack);
    // A parameter of the template: CloudFormation looks it up at every deployment.
    const [[id, parameter]] = Object.entries(template.findParameters('*', { Default: '/shop/report/image-tag' }));
    expect(parameter.Type).toBe('AWS::SSM::Parameter::Value<String>');
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Image: { 'Fn::Join': ['', Match.arrayWith([{ Ref: id }])] } }],
    });
  });
});
