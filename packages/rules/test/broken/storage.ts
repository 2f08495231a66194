import { OPEN, Resources } from './resources';

const VOLUME = { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } };
const ENCRYPTED = { DeviceName: '/dev/xvdb', Ebs: { Encrypted: true } };

/** What keeps data, each kind once without encryption and once in each way that is encrypted. */
export const storage: Resources = {
  Instance: ['AWS::RDS::DBInstance'],
  InstanceSaysNo: ['AWS::RDS::DBInstance', { StorageEncrypted: false }],
  Cluster: ['AWS::RDS::DBCluster'],
  GlobalCluster: ['AWS::RDS::GlobalCluster'],
  SoundGlobalCluster: ['AWS::RDS::GlobalCluster', { StorageEncrypted: 'true' }],
  SoundGlobalCopy: ['AWS::RDS::GlobalCluster', { SourceDBClusterIdentifier: 'other' }],
  SoundCopyOfSnapshot: ['AWS::Neptune::DBCluster', { SnapshotIdentifier: 'snapshot' }],
  SoundCopyOfDbSnapshot: ['AWS::RDS::DBInstance', { DBSnapshotIdentifier: 'snapshot' }],
  SoundCopyOfClusterSnapshot: ['AWS::RDS::DBInstance', { DBClusterSnapshotIdentifier: 'snapshot' }],
  SoundReplica: ['AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'other' }],
  SoundReplicaOfCluster: ['AWS::RDS::DBCluster', { ReplicationSourceIdentifier: 'other' }],
  SoundMember: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'cluster' }],
  Documents: ['AWS::DocDB::DBCluster'],
  Neptune: ['AWS::Neptune::DBCluster'],
  Files: ['AWS::EFS::FileSystem'],
  SoundFiles: ['AWS::EFS::FileSystem', { Encrypted: true }],
  Volume: ['AWS::EC2::Volume', { Encrypted: 'false' }],
  SoundVolume: ['AWS::EC2::Volume', { Encrypted: OPEN }],
  SoundVolumeCopy: ['AWS::EC2::Volume', { SnapshotId: 'snap-1' }],
  Cache: ['AWS::ElastiCache::ReplicationGroup'],
  Warehouse: ['AWS::Redshift::Cluster'],
  SoundWarehouseCopy: ['AWS::Redshift::Cluster', { SnapshotIdentifier: 'snapshot' }],
  Search: ['AWS::OpenSearchService::Domain', { EncryptionAtRestOptions: { Enabled: false } }],
  ElasticSearch: ['AWS::Elasticsearch::Domain', { EncryptionAtRestOptions: {} }],
  Dax: ['AWS::DAX::Cluster', { SSESpecification: { SSEEnabled: false } }],
  SoundDax: ['AWS::DAX::Cluster', { SSESpecification: { SSEEnabled: true } }],
  Stream: ['AWS::Kinesis::Stream'],
  SoundStream: ['AWS::Kinesis::Stream', { StreamEncryption: { EncryptionType: 'KMS' } }],
  Topic: ['AWS::SNS::Topic'],
  SoundTopic: ['AWS::SNS::Topic', { KmsMasterKeyId: 'alias/aws/sns' }],
  Queue: ['AWS::SQS::Queue', { SqsManagedSseEnabled: false }],
  SoundQueue: ['AWS::SQS::Queue'],
  SoundQueueWithKey: ['AWS::SQS::Queue', { SqsManagedSseEnabled: false, KmsMasterKeyId: 'alias/aws/sqs' }],
  Disk: ['AWS::EC2::Instance', { BlockDeviceMappings: [ENCRYPTED, VOLUME] }],
  SoundDisk: [
    'AWS::EC2::Instance',
    { BlockDeviceMappings: [ENCRYPTED, { DeviceName: 'c', Ebs: { Encrypted: OPEN } }] },
  ],
  SoundDiskOfInstance: [
    'AWS::EC2::Instance',
    { BlockDeviceMappings: [{ DeviceName: 'd', VirtualName: 'ephemeral0' }] },
  ],
  Template: ['AWS::EC2::LaunchTemplate', { LaunchTemplateData: { BlockDeviceMappings: [VOLUME] } }],
  SoundTemplate: ['AWS::EC2::LaunchTemplate', { LaunchTemplateData: { BlockDeviceMappings: [ENCRYPTED] } }],
  Launch: ['AWS::AutoScaling::LaunchConfiguration', { BlockDeviceMappings: [VOLUME] }],
  SoundLaunch: ['AWS::AutoScaling::LaunchConfiguration', { BlockDeviceMappings: [ENCRYPTED] }],
};
