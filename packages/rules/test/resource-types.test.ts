import { isAwsType, resourceTypes, tagPropertyOf } from '../src/private/resource-types';

test.each([
  ['AWS::EC2::VPC', 'Tags'],
  ['AWS::EFS::FileSystem', 'FileSystemTags'],
  ['AWS::Cognito::UserPool', 'UserPoolTags'],
  ['AWS::EC2::Route', undefined],
  ['Custom::Anything', undefined],
])('%s carries its tags in %s', (type, property) => {
  expect(tagPropertyOf(type)).toBe(property);
});

test('AWS has more than 1,800 types, and no misspelt one', () => {
  expect(resourceTypes().length).toBeGreaterThan(1800);
  expect(isAwsType('AWS::EC2::Vpc')).toBe(false);
});
