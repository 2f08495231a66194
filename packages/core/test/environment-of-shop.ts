import { EnvironmentProps, Tier } from '../src';

/** Props of an environment in which nothing is wrong. */
export const props: EnvironmentProps = {
  project: 'shop',
  name: 'dev',
  tier: Tier.DEVELOPMENT,
  account: '111111111111',
  region: 'eu-central-1',
  zones: ['eu-central-1a', 'eu-central-1b'],
  tags: { Owner: 'team-shop', CostCenter: '4711' },
};
