// What services and databases of both kinds stand on: a network and a zone that others made, and an environment of production.
const { Environment, Tier } = require('@groundplan/core');
const { Vpc } = require('aws-cdk-lib/aws-ec2');
const { HostedZone } = require('aws-cdk-lib/aws-route53');

exports.inNetwork = (app, Stack) => {
  const env = { account: '111111111111', region: 'eu-central-1' };
  const tags = { Owner: 'team-shop', CostCenter: '4711' };
  Environment.define(app, { project: 'shop', name: 'prod', tier: Tier.PRODUCTION, ...env, tags });
  const stack = new Stack(app, 'Services', { env });
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    publicSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    privateSubnetIds: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
    isolatedSubnetIds: ['subnet-0123456789abcdef4', 'subnet-0123456789abcdef5'],
  });
  const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    zoneName: 'example.com',
  });
  return { stack, vpc, zone };
};
