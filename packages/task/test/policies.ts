import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';

/** A statement of a policy as it stands in a template. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Policy {
  readonly Roles: { readonly Ref: string }[];
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

/** Every policy of identities, managed and inline, by logical id. */
export function policiesOf(stack: Stack): Record<string, Policy> {
  const template = Template.fromStack(stack);
  const all = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].flatMap((type) =>
    Object.entries(template.findResources(type)),
  );
  return Object.fromEntries(all.map(([id, { Properties }]) => [id, Properties as Policy]));
}

/** What a role may, wherever it is written. */
export function statementsOf(stack: Stack, role: IRole): Statement[] {
  const id = (stack.resolve(role.roleName) as { Ref: string }).Ref;
  return Object.values(policiesOf(stack))
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === id))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** The statements that have a `*` anywhere: `ecr:GetAuthorizationToken on *`. */
export function wildcardsOf(stack: Stack): string[] {
  return Object.values(policiesOf(stack))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Action, Resource }) => `${[Action].flat().join(', ')} on ${text(Resource)}`)
    .filter((statement) => statement.includes('*'));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
