import { OPEN, Resources } from './resources';

const ALL = { Project: 'shop', Environment: 'dev', ManagedBy: 'cdk', Owner: 'team', CostCenter: '4711' };
const FOUR = { ...ALL, Owner: undefined };
const listed = (tags: object) =>
  Object.entries(tags)
    .filter(([, Value]) => Value !== undefined)
    .map(([Key, Value]) => ({ Key, Value }));
const secret = (Tags?: unknown) => ['AWS::SecretsManager::Secret', { Tags }] as const;
const parameter = (Tags?: unknown) => ['AWS::SSM::Parameter', { Tags }] as const;

/** What can be tagged: without, with some, and with all tags, in each way that tags are written. */
export const tagged: Resources = {
  Secret: ['AWS::SecretsManager::Secret'],
  OneIsMissing: secret(listed(FOUR)),
  OneIsEmpty: secret(listed({ ...ALL, Owner: '  ' })),
  OneHasNoValue: secret([...listed(FOUR), { Key: 'Owner' }]),
  Parameter: parameter(),
  OneIsMissingInAnObject: parameter(FOUR),
  TagsAreNoTags: secret('Owner'),
  Pool: ['AWS::Cognito::UserPool', { Tags: listed(ALL) }],
  SoundSecret: secret(listed(ALL)),
  SoundWithSmallLetters: secret(Object.entries(ALL).map(([key, value]) => ({ key, value }))),
  SoundWithANumber: secret(listed({ ...ALL, CostCenter: 4711 })),
  SoundParameter: parameter(ALL),
  SoundOpen: parameter(OPEN),
  SoundPool: ['AWS::Cognito::UserPool', { UserPoolTags: ALL }],
  SoundRoute: ['AWS::EC2::Route'],
};

/** Types that AWS does not have, and those that only look so. */
export const misspelt: Resources = {
  Vpc: ['AWS::EC2::Vpc'],
  SoundModule: ['AWS::CloudFormation::OfTomorrow'],
  SoundMetadata: ['AWS::CDK::Metadata'],
  SoundCustom: ['Custom::AWS::Thing'],
  SoundPartner: ['MongoDB::Atlas::Cluster'],
};
