import { CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Checked, acknowledge, said } from '../checked';

const RULE = 'EncryptionAtRest';

function of(type: string, properties: object) {
  return (stack: Stack) => new CfnResource(stack, 'It', { type, properties: { ...properties } });
}

/** Type, what leaves it open, what closes it. */
test.each([
  ['AWS::RDS::DBInstance', {}, { StorageEncrypted: true }],
  ['AWS::RDS::DBCluster', { StorageEncrypted: false }, { StorageEncrypted: 'true' }],
  ['AWS::RDS::DBCluster', {}, { SnapshotIdentifier: 'snapshot' }],
  ['AWS::DocDB::DBCluster', {}, { StorageEncrypted: true }],
  ['AWS::Neptune::DBCluster', {}, { StorageEncrypted: true }],
  ['AWS::EFS::FileSystem', {}, { Encrypted: true }],
  ['AWS::EC2::Volume', {}, { Encrypted: true }],
  ['AWS::ElastiCache::ReplicationGroup', {}, { AtRestEncryptionEnabled: true }],
  ['AWS::Redshift::Cluster', {}, { Encrypted: true }],
  ['AWS::OpenSearchService::Domain', {}, { EncryptionAtRestOptions: { Enabled: true } }],
  ['AWS::DAX::Cluster', {}, { SSESpecification: { SSEEnabled: true } }],
  ['AWS::Kinesis::Stream', {}, { StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }],
  ['AWS::SNS::Topic', {}, { KmsMasterKeyId: 'alias/aws/sns' }],
  ['AWS::SQS::Queue', { SqsManagedSseEnabled: false }, {}],
  [
    'AWS::SQS::Queue',
    { SqsManagedSseEnabled: false },
    { SqsManagedSseEnabled: false, KmsMasterKeyId: 'alias/aws/sqs' },
  ],
  [
    'AWS::EC2::Instance',
    { BlockDeviceMappings: [{ DeviceName: 'a', Ebs: {} }] },
    { BlockDeviceMappings: [{ DeviceName: 'a', Ebs: { Encrypted: true } }] },
  ],
  [
    'AWS::EC2::LaunchTemplate',
    { LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { Encrypted: true } }, { Ebs: { VolumeSize: 8 } }] } },
    { LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { Encrypted: true } }] } },
  ],
])('%s: %j is found, %j is not', (type, open, closed) => {
  const [message, ...others] = said(RULE, of(type, open));
  expect(message).toContain(`Shop/It (${type}) keeps its data unencrypted`);
  expect(others).toEqual([]);
  expect(said(RULE, of(type, closed))).toEqual([]);
});

test('what is decided when it is deployed is not called unencrypted', () => {
  const messages = said(RULE, (stack) =>
    of('AWS::RDS::DBInstance', { StorageEncrypted: new CfnParameter(stack, 'Encrypted').valueAsString })(stack),
  );
  expect(messages).toEqual([]);
});

test('an instance of a cluster is encrypted as the cluster is', () => {
  expect(said(RULE, of('AWS::RDS::DBInstance', { DBClusterIdentifier: 'cluster' }))).toEqual([]);
});

test('is acknowledged like every rule', () => {
  const checked = new Checked((stack) => acknowledge(of('AWS::SNS::Topic', {})(stack), 'groundplan::EncryptionAtRest'));
  expect(checked.said(RULE)).toEqual([]);
});
