import { GroundplanRules } from '@groundplan/rules';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';

const app = new App();
GroundplanRules.addTo(app, { requiredTags: ['Owner', 'CostCenter'] });

const stack = new Stack(app, 'Orders');
Tags.of(stack).add('Owner', 'team-shop');
Tags.of(stack).add('CostCenter', '4711');

new Topic(stack, 'Placed', { masterKey: Alias.fromAliasName(stack, 'Key', 'alias/aws/sns') });

app.synth();
