import { Environment, Tier } from '@groundplan/core';
import { Tag } from '@groundplan/task';
import { contractOf, expectContract } from '@groundplan/testing';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { join } from 'node:path';
import { Repository, RepositoryProps } from '../src';
import { TIERS, environmentOf, groundIn, serviceIn } from './services';

const TYPE = 'AWS::ECR::Repository';

function repositoryIn(tier: Tier, props?: RepositoryProps) {
  const app = new App();
  const stack = new Stack(app, 'Images', { env: Environment.define(app, environmentOf(tier)).target });
  return { stack, repository: new Repository(stack, 'Api', props) };
}

function policyOf(stack: Stack): { readonly rules: { readonly selection: object; readonly action: object }[] } {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(TYPE));
  return JSON.parse(Properties.LifecyclePolicy.LifecyclePolicyText);
}

test('a tag stays where it is, but those that end in -latest', () => {
  Template.fromStack(repositoryIn(Tier.PRODUCTION).stack).hasResourceProperties(TYPE, {
    ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    ImageTagMutabilityExclusionFilters: [
      { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: '*-latest' },
    ],
    ImageScanningConfiguration: { ScanOnPush: true },
  });
  Template.fromStack(repositoryIn(Tier.PRODUCTION, { movingTags: [] }).stack).hasResourceProperties(TYPE, {
    ImageTagMutability: 'IMMUTABLE',
    ImageTagMutabilityExclusionFilters: Match.absent(),
  });
});

test.each([
  [Tier.SANDBOX, 20],
  [Tier.DEVELOPMENT, 20],
  [Tier.STAGING, 50],
  [Tier.PRODUCTION, 100],
])('in %s the newest %i images are kept, and what has no tag for a day', (tier, keep) => {
  const { rules } = policyOf(repositoryIn(tier).stack);
  expect(rules.map(({ selection }) => selection)).toEqual([
    { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 1, countUnit: 'days' },
    { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: keep },
  ]);
});

test.each(TIERS)('in %s it has the logical ids, deletion policies and create-only values that are deployed', (tier) => {
  expectContract(contractOf(repositoryIn(tier).stack), join(__dirname, 'contract.json'), `repository, ${tier}`);
});

test('other accounts pull where they are named, and do nothing else', () => {
  const encryptionKey = (stack: Stack) => new Key(stack, 'Key');
  const app = new App();
  const stack = new Stack(app, 'Images');
  new Repository(stack, 'Api', { pullAccounts: ['222222222222'], encryptionKey: encryptionKey(stack) });
  const template = Template.fromStack(stack);
  template.hasResourceProperties(TYPE, {
    EncryptionConfiguration: { EncryptionType: 'KMS' },
    RepositoryPolicyText: {
      Statement: [
        {
          Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
          Principal: { AWS: Match.objectLike({ 'Fn::Join': Match.anyValue() }) },
        },
      ],
    },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
  });
});

test('a task that takes an image of it may pull from it and from no other', () => {
  const ground = groundIn(Tier.DEVELOPMENT);
  const image = new Repository(ground.stack, 'Images').image(Tag.of('1.4.2'));
  const template = Template.fromStack(serviceIn(Tier.DEVELOPMENT, { image }, ground).stack);
  const statements = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const pulling = statements.filter(({ Action }) => JSON.stringify(Action).includes('ecr:'));
  expect(pulling.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [
      ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      { 'Fn::GetAtt': [expect.stringMatching(/^ImagesRepository/), 'Arn'] },
    ],
    ['ecr:GetAuthorizationToken', '*'],
  ]);
});

test.each([
  [{ keepImages: 0 }, 'keepImages must be a whole number, 1 or more, got 0; keep enough to roll back to'],
  [{ movingTags: ['a*b*c*'] }, 'movingTags must be at most five patterns'],
  [{ movingTags: ['1', '2', '3', '4', '5', '6'] }, 'and up to two "*", got 6; name the ends that move'],
  [{ pullAccounts: ['1234'] }, 'pullAccounts must be accounts of twelve digits, got "1234"; write them as strings'],
])('bad input %j', (props, message) => {
  expect(() => repositoryIn(Tier.DEVELOPMENT, props)).toThrow(message);
});
