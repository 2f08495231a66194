import type { GraphResource } from '@groundplan/graph';
import { CheckedAssembly, Objection, Rule, isOpen, isTrue } from '../rule';

/** What has to be said for a type to be encrypted: AWS does it by itself for all that is not listed. */
interface Storage {
  readonly property: string;
  /** @default the property has to be true */
  readonly anyValue?: boolean;
  /** Where one of these is given, the copy is encrypted as its source is. */
  readonly copiedFrom?: readonly string[];
  readonly fix: string;
}

const DATABASE: Storage = {
  property: 'StorageEncrypted',
  copiedFrom: [
    'SnapshotIdentifier',
    'DBSnapshotIdentifier',
    'SourceDBInstanceIdentifier',
    'DBClusterIdentifier',
    'SourceDBClusterIdentifier',
    'ReplicationSourceIdentifier',
    'DBClusterSnapshotIdentifier',
  ],
  fix: 'Set storageEncrypted: true. A database that stands has to be copied into an encrypted one.',
};

const STORAGE: Readonly<Record<string, Storage>> = {
  'AWS::RDS::DBInstance': DATABASE,
  'AWS::RDS::DBCluster': DATABASE,
  'AWS::RDS::GlobalCluster': DATABASE,
  'AWS::DocDB::DBCluster': DATABASE,
  'AWS::Neptune::DBCluster': DATABASE,
  'AWS::EFS::FileSystem': { property: 'Encrypted', fix: 'Set encrypted: true.' },
  'AWS::EC2::Volume': { property: 'Encrypted', copiedFrom: ['SnapshotId'], fix: 'Set encrypted: true.' },
  'AWS::ElastiCache::ReplicationGroup': {
    property: 'AtRestEncryptionEnabled',
    fix: 'Set atRestEncryptionEnabled: true.',
  },
  'AWS::Redshift::Cluster': { property: 'Encrypted', copiedFrom: ['SnapshotIdentifier'], fix: 'Set encrypted: true.' },
  'AWS::OpenSearchService::Domain': {
    property: 'EncryptionAtRestOptions.Enabled',
    fix: 'Set encryptionAtRest: { enabled: true }.',
  },
  'AWS::Elasticsearch::Domain': {
    property: 'EncryptionAtRestOptions.Enabled',
    fix: 'Set encryptionAtRest: { enabled: true }.',
  },
  'AWS::DAX::Cluster': { property: 'SSESpecification.SSEEnabled', fix: 'Set sseSpecification: { sseEnabled: true }.' },
  'AWS::Kinesis::Stream': {
    property: 'StreamEncryption',
    anyValue: true,
    fix: 'Set encryption: kinesis.StreamEncryption.MANAGED.',
  },
  'AWS::SNS::Topic': {
    property: 'KmsMasterKeyId',
    anyValue: true,
    fix: "Set masterKey: the AWS managed key is kms.Alias.fromAliasName(this, 'Key', 'alias/aws/sns'); a key of your own where CloudWatch alarms publish.",
  },
};

/** Disks that instances bring along, each with its own setting. */
const DISKS: Readonly<Record<string, string>> = {
  'AWS::EC2::Instance': 'BlockDeviceMappings',
  'AWS::EC2::LaunchTemplate': 'LaunchTemplateData.BlockDeviceMappings',
  'AWS::AutoScaling::LaunchConfiguration': 'BlockDeviceMappings',
};

export const encryptionAtRest: Rule = {
  id: 'EncryptionAtRest',
  demands: 'Everything that keeps data keeps it encrypted.',
  because: 'A snapshot that is shared by mistake, or a disk that leaves the data centre, is then worth nothing.',
  check: (assembly) => [
    ...Object.keys(STORAGE).flatMap((type) => assembly.ofType(type).flatMap((it) => stored(assembly, it))),
    ...Object.keys(DISKS).flatMap((type) => assembly.ofType(type).flatMap((it) => disks(assembly, it))),
    ...assembly.ofType('AWS::SQS::Queue').flatMap((it) => queue(assembly, it)),
  ],
};

function stored(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const { property, anyValue, copiedFrom = [], fix } = STORAGE[resource.type];
  const value = assembly.at(resource, property);
  if (isOpen(value) || isTrue(value) || (anyValue && value !== undefined)) return [];
  if (copiedFrom.some((source) => assembly.at(resource, source) !== undefined)) return [];
  return [objection(resource, property, fix)];
}

function disks(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const property = DISKS[resource.type];
  const disk = assembly
    .list(resource, `${property}.Ebs`)
    .map((ebs) => ebs as { Encrypted?: boolean })
    .find(({ Encrypted }) => !isTrue(Encrypted) && !isOpen(Encrypted));
  return disk ? [objection(resource, property, 'Set encrypted: true on every EBS volume.')] : [];
}

/** A queue is encrypted unless somebody says otherwise. */
function queue(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const off = String(assembly.at(resource, 'SqsManagedSseEnabled')) === 'false';
  const key = assembly.at(resource, 'KmsMasterKeyId');
  return off && key === undefined
    ? [objection(resource, 'SqsManagedSseEnabled', 'Set encryption: sqs.QueueEncryption.SQS_MANAGED.')]
    : [];
}

function objection(resource: GraphResource, property: string, fix: string): Objection {
  return {
    resource,
    location: `Properties/${property.replace(/\./g, '/')}`,
    message: `${resource.path} (${resource.type}) keeps its data unencrypted: ${property} does not say otherwise.`,
    fix,
  };
}
