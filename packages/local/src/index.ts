// Named one by one: what re-exports everything cannot be imported by name from an ES module when it runs from source.
export { ExpectedFailure, workspaceRoot } from '@groundplan/engines';
export { type AssemblyStack, isAssembly, readAssembly } from './assembly';
export { bootstrap } from './bootstrap';
export { CdkCli, type CdkResult, type CdkRun, findCdk, toolFolders } from './cdk-cli';
export { type ClientConfig, clientEnvironment, endpointOf } from './client-environment';
export { type DatabaseReport, databaseReports } from './database-report';
export { type AwsEnvironment, baseAccount, environmentsOf } from './environments';
export { type Condition, LocalAws, type LocalAwsStatus, type UpOptions } from './local-aws';
export { bringLocalImages } from './local-images';
export { followLog, tailOf } from './log';
export {
  type EndpointReport,
  type NetworkReport,
  type SubnetReport,
  type TierReport,
  networkReports,
} from './network-report';
export { type Answer, type Question, type Visits, ask, visitedWhile } from './requests';
export { type ServiceReport, serviceReports } from './service-report';
export { type LocalAwsOptions } from './settings';
export { type StackSummary, listStacks, untilSettled } from './stacks';
export { type InstanceRecord } from './state-folder';
export { type LedgerEntry, notes, stubs } from './stubs';
export { TestAws } from './test-aws';
