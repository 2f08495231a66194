import type { GraphResource } from '@groundplan/graph';
import type { CheckedAssembly, Rule } from '../rule';

export const flowLogs: Rule = {
  id: 'FlowLogs',
  demands: 'Every VPC records its traffic, as a whole or in each of its subnets.',
  because: 'After an incident, flow logs are the only record of who talked to whom.',
  check: (assembly) =>
    assembly
      .ofType('AWS::EC2::VPC')
      .filter((vpc) => !isRecorded(assembly, vpc) && !subnetsOf(assembly, vpc).every((it) => isRecorded(assembly, it)))
      .map((resource) => ({
        resource,
        message: `${resource.path} records no traffic.`,
        fix: "Add flow logs: vpc.addFlowLog('FlowLogs', { destination: … }).",
      })),
};

function isRecorded(assembly: CheckedAssembly, resource: GraphResource): boolean {
  return assembly.graph
    .referencesTo(resource)
    .some(
      ({ source, property }) => property === 'ResourceId' && assembly.graph.at(source).type === 'AWS::EC2::FlowLog',
    );
}

/** Its subnets; a VPC without subnets counts itself, so that "each of them" does not hold for none. */
function subnetsOf(assembly: CheckedAssembly, vpc: GraphResource): GraphResource[] {
  const subnets = assembly.graph
    .referencesTo(vpc)
    .filter(({ property }) => property === 'VpcId')
    .map(({ source }) => assembly.graph.at(source))
    .filter(({ type }) => type === 'AWS::EC2::Subnet');
  return subnets.length > 0 ? subnets : [vpc];
}
