export * from './network';
export * from './egress';
export * from './endpoint-set';
export * from './flow-logs';
export * from './network-acls';
