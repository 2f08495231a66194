import type { TemplateResource } from '../assembly/template';
import { Value, alternatives, at, booleanOf, itemsOf, stringOf, textOf, unknownIn } from '../evaluation/value';
import type { Model } from '../model';
import { Condition, conditionsIn, doubtIn, isWide, namesSomebody, sourceBlocks } from './conditions';
import { documentsOn } from './documents';

/** One statement of a resource policy. */
export interface Statement {
  readonly allows: boolean;
  /** `*`, account ids and ARNs, services as `service:…`, identity providers as `federated:…`. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** Empty where the statement names none. */
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
  /** Whether somebody on the internet who is nobody in particular is admitted, perhaps from a block alone. */
  readonly admitsStrangers: boolean;
  /** Whether anybody on the internet is among the principals. */
  readonly isPublic: boolean;
  /** Construct path of what holds the policy. */
  readonly writtenIn: string;
  readonly doubts: readonly string[];
}

/** The statements of all policies on a resource. */
export function statementsOn(model: Model, resource: TemplateResource): Statement[] {
  const documents = documentsOn(model, resource).flatMap(({ holder, document, doubts }) =>
    statementsIn(document).flatMap((item) =>
      alternatives(item).map((found) =>
        statementOf(found.value, holder, [...doubts, ...found.doubts, ...model.doubtsAbout(holder)]),
      ),
    ),
  );
  const permissions = resource.type === 'AWS::Lambda::Function' ? permissionsOn(model, resource) : [];
  return [...documents, ...permissions].map((statement) =>
    // an endpoint's policy narrows what whoever is in its network may ask: it opens nothing
    resource.type === 'AWS::EC2::VPCEndpoint' ? { ...statement, isPublic: false } : statement,
  );
}

function statementsIn(document: Value): readonly Value[] {
  return itemsOf(at(document, 'Statement') ?? document);
}

function statementOf(statement: Value, holder: TemplateResource, why: readonly string[]): Statement {
  const conditions = conditionsIn(at(statement, 'Condition'));
  const principals = principalsOf(statement);
  const open = ['Effect', 'Principal', 'Condition'].flatMap(
    (name) => unknownIn(shallow(at(statement, name)))?.why ?? [],
  );
  const blocks = sourceBlocks(conditions);
  const admitsStrangers = principals.includes('*') && !conditions.some(namesSomebody);
  return {
    allows: stringOf(at(statement, 'Effect')) !== 'Deny',
    principals,
    actions: texts(at(statement, 'Action') ?? (at(statement, 'NotAction') && { kind: 'literal', value: '*' })),
    resources: texts(at(statement, 'Resource')),
    conditions,
    admitsStrangers,
    isPublic: admitsStrangers && (blocks?.some((block) => isWide(textOf(block))) ?? true),
    writtenIn: holder.path,
    doubts: [...new Set([...why, ...open, ...(admitsStrangers ? conditions.flatMap(doubtIn) : [])])],
  };
}

/** A principal that is an id of this assembly is not in doubt; one that is not said at all is. */
function shallow(value: Value | undefined): Value | undefined {
  return value?.kind === 'unknown' || value?.kind === 'literal' ? value : undefined;
}

function texts(value: Value | undefined): string[] {
  return itemsOf(value).map(textOf);
}

function principalsOf(statement: Value): string[] {
  if (at(statement, 'NotPrincipal')) return ['*'];
  const principal = at(statement, 'Principal');
  // a statement that is not said may admit anybody
  if (statement.kind === 'unknown' || principal?.kind === 'unknown') return ['*'];
  if (principal?.kind !== 'mapping') return texts(principal);
  return [...principal.entries].flatMap(([kind, who]) =>
    texts(who).map((text) => (kind === 'AWS' ? text : `${kind.toLowerCase()}:${text}`)),
  );
}

/** A function, with its versions and aliases: all of them are it. */
export function namesOfFunction(model: Model, fn: TemplateResource): TemplateResource[] {
  const others = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'].flatMap((type) =>
    model.naming(fn, type, 'FunctionName').map(({ resource }) => resource),
  );
  return fn.type === 'AWS::Lambda::Function' ? [fn, ...others] : [fn];
}

/** Permissions of a function are resources of their own, each one statement. */
function permissionsOn(model: Model, fn: TemplateResource): Statement[] {
  return namesOfFunction(model, fn)
    .flatMap((name) => model.naming(name, 'AWS::Lambda::Permission', 'FunctionName'))
    .map(({ resource: permission, doubts }) => {
      const said = (name: string) => model.property(permission, name);
      const principal = said('Principal');
      const who = textOf(principal);
      const restricted = ['SourceArn', 'SourceAccount', 'PrincipalOrgID'].filter((name) => said(name));
      // a URL without authentication is a door of its own
      const forUrl = stringOf(said('FunctionUrlAuthType')) === 'NONE' || booleanOf(said('InvokedViaFunctionUrl'));
      const isPublic = (who === '*' || principal?.kind === 'unknown') && restricted.length === 0 && !forUrl;
      return {
        allows: true,
        principals: [who.includes('.amazonaws.com') ? `service:${who}` : who],
        actions: [textOf(said('Action'))],
        resources: [],
        conditions: [...restricted, ...(said('FunctionUrlAuthType') ? ['FunctionUrlAuthType'] : [])].map((name) => ({
          operator: 'stringequals',
          key: KEYS[name],
          values: itemsOf(said(name)),
          holdsWithoutKey: false,
        })),
        admitsStrangers: isPublic,
        isPublic,
        writtenIn: permission.path,
        doubts: [...new Set([...doubts, ...(unknownIn(principal) ? [unknownIn(principal)?.why ?? ''] : [])])],
      };
    });
}

const KEYS: Readonly<Record<string, string>> = {
  SourceArn: 'aws:SourceArn',
  SourceAccount: 'aws:SourceAccount',
  PrincipalOrgID: 'aws:PrincipalOrgID',
  FunctionUrlAuthType: 'lambda:FunctionUrlAuthType',
};
