// The network as a product engineer writes it.
const { Environment, Tier } = require('@groundplan/core');
const { Network } = require('@groundplan/vpc');

module.exports = (app, Stack) => {
  Environment.define(app, {
    project: 'shop',
    name: 'dev',
    tier: Tier.DEVELOPMENT,
    account: '111111111111',
    region: 'eu-central-1',
    zones: ['eu-central-1a', 'eu-central-1b'],
    tags: { Owner: 'team-shop', CostCenter: '4711' },
  });
  new Network(new Stack(app, 'Network', { env: { account: '111111111111', region: 'eu-central-1' } }), 'Network');
};
