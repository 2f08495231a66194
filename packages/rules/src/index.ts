export * from './groundplan-rules';
export * from './rule-settings';
export * from './rule-set';
export * from './public-ingress';
export * from './finding';
