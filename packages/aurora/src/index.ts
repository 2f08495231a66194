export * from './aurora-capacity';
export * from './aurora-cluster';
