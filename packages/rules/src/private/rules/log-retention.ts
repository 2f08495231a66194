import type { GraphResource } from '@groundplan/graph';
import { CheckedAssembly, Objection, Rule, isTrue } from '../rule';

export const logRetention: Rule = {
  id: 'LogRetention',
  demands: 'Every log group says how long it keeps what it is given.',
  because:
    'CloudWatch keeps for ever what nobody limits: it costs more every month, and personal data stays past its term.',
  check: (assembly) => [
    ...assembly
      .ofType('AWS::Logs::LogGroup')
      .filter((group) => assembly.at(group, 'RetentionInDays') === undefined)
      .map((resource) => ({
        resource,
        location: 'Properties/RetentionInDays',
        message: `${resource.path} keeps its logs for ever.`,
        fix: 'Set retention: logs.RetentionDays.ONE_MONTH, or as long as they are needed.',
      })),
    ...functionsLogs(assembly),
    ...assembly.ofType('AWS::ECS::TaskDefinition').flatMap((it) => taskLogs(assembly, it)),
  ],
};

/** A function without a group of its own gets one at its first call, which keeps for ever. */
function functionsLogs(assembly: CheckedAssembly): Objection[] {
  const groups = new Set(
    assembly.ofType('AWS::Logs::LogGroup', 'Custom::LogRetention').map((it) => assembly.text(it, 'LogGroupName')),
  );
  return assembly.ofType('AWS::Lambda::Function').flatMap((it) => functionLogs(assembly, it, groups));
}

function functionLogs(assembly: CheckedAssembly, resource: GraphResource, groups: ReadonlySet<string>): Objection[] {
  if (assembly.at(resource, 'LoggingConfig.LogGroup') !== undefined) return [];
  const names = [`\${${resource.path}}`, assembly.text(resource, 'FunctionName')].filter(Boolean);
  if (names.some((name) => groups.has(`/aws/lambda/${name}`))) return [];
  return [
    {
      resource,
      location: 'Properties/LoggingConfig',
      message: `${resource.path} has no log group of its own: Lambda makes one at the first call that keeps its logs for ever.`,
      fix: 'Give it one: logGroup: new logs.LogGroup(this, "Logs", { retention: … }).',
    },
  ];
}

function taskLogs(assembly: CheckedAssembly, resource: GraphResource): Objection[] {
  const made = assembly
    .list(resource, 'ContainerDefinitions.LogConfiguration.Options.awslogs-create-group')
    .some(isTrue);
  if (!made) return [];
  return [
    {
      resource,
      location: 'Properties/ContainerDefinitions',
      message: `${resource.path} lets its log driver make a log group, which keeps its logs for ever.`,
      fix: 'Give the driver a group: ecs.LogDrivers.awsLogs({ logGroup: new logs.LogGroup(this, "Logs", { retention: … }), … }).',
    },
  ];
}
