import { App, Aspects, Environment as DeploymentTarget, Stack, Stage, Tags, Token } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import { Mistakes } from './mistakes';
import { checkEnvironment } from './private/check-environment';
import { DEFAULT_REQUIRED_TAGS, tagsOf } from './private/tags';
import { ResourceNameOptions, fitName } from './resource-name';
import { Tier } from './tier';

/** What an environment is. */
export interface EnvironmentProps {
  /** The product that lives here, in lower-case letters, digits and hyphens: `shop`. Begins every name and is the tag `Project`. */
  readonly project: string;
  /** What the owners call the environment: `dev`, `stage`, `prod`. Free text of the same characters; no rule keys on it. */
  readonly name: string;
  /** How much it matters. Decides every default that differs between environments. */
  readonly tier: Tier;
  /**
   * The twelve digits of the AWS account.
   *
   * @default each stack's own, else the account of the credentials at deployment
   */
  readonly account?: string;
  /**
   * The AWS region, such as `eu-central-1`.
   *
   * @default each stack's own, else the region of the credentials at deployment
   */
  readonly region?: string;
  /**
   * The availability zones to use, in the order in which they are taken into use: append to it, never reorder it.
   * Naming them is what keeps a synthesis free of look-ups and the same on every machine.
   *
   * @default the first zones of the account, known only at deployment
   */
  readonly zones?: string[];
  /**
   * Tags for every taggable resource below. `Project`, `Environment` and `ManagedBy` are added unless they stand here.
   *
   * @default only the three that are derived
   */
  readonly tags?: { [key: string]: string };
  /**
   * The tag keys that must have a value: a missing one is an error.
   *
   * @default Project, Environment, ManagedBy, Owner and CostCenter
   */
  readonly requiredTags?: string[];
  /**
   * How names are made, of the fields `{project}`, `{environment}` and `{component}` (C4).
   *
   * @default '{project}-{environment}-{component}'
   */
  readonly namePattern?: string;
}

/**
 * Two copies of this library in one node_modules agree on the key and on the shape of what stands under it: plain data,
 * read structurally, never by instanceof.
 */
const KEY = Symbol.for('groundplan.core.environment');

/** The note that rules look for in a stack's metadata. They read assemblies and know nothing of this package. */
const RULE_SETTINGS = 'groundplan:rule-settings';

/**
 * The environment that a construct is in. It is defined once, on an App, a Stage or a Stack, and everything below takes
 * its tier, its names, its tags and its zones from the nearest one above.
 *
 * A construct with no environment above it behaves as in production.
 *
 * @example
 * import { Environment, Tier } from '@groundplan/core';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const app = new App();
 * const environment = Environment.define(app, {
 *   project: 'shop',
 *   name: 'dev',
 *   tier: Tier.DEVELOPMENT,
 *   tags: { Owner: 'team-shop', CostCenter: '4711' },
 * });
 * new Stack(app, 'Network', { env: environment.target });
 */
export class Environment {
  /**
   * Defines the environment of everything below an App, a Stage or a Stack. Call it before anything is created there.
   *
   * @throws one error that lists every mistake in the props, and one for a second definition on the same scope
   */
  public static define(scope: Construct, props: EnvironmentProps): Environment {
    const mistakes = new Mistakes(scope, 'Environment of');
    if (!(App.isApp(scope) || Stage.isStage(scope) || Stack.isStack(scope)))
      mistakes.add({
        prop: 'scope',
        mustBe: 'an App, a Stage or a Stack',
        got: scope.constructor.name,
        remedy: 'define the environment on the stack that this construct is in',
      });
    const earlier = read(scope);
    if (earlier)
      mistakes.add({
        prop: 'scope',
        mustBe: 'a scope whose environment is not yet defined',
        got: `one that is already "${earlier.name}"`,
        remedy: 'define it once, or give a Stage or a Stack below an environment of its own',
      });
    checkEnvironment(scope, props, mistakes);
    mistakes.throwIfAny();

    Object.defineProperty(scope, KEY, { value: Object.freeze({ ...props }) });
    const environment = new Environment(props, true);
    for (const [key, value] of Object.entries(environment.tags)) Tags.of(scope).add(key, value);
    // ec2.Vpc asks for the account's zones even where it is told them: the answer stands ready, so no look-up is made.
    if (props.account && props.region && props.zones)
      scope.node.setContext(`availability-zones:account=${props.account}:region=${props.region}`, props.zones);
    scope.node.addValidation({ validate: () => environment.strays(scope) });
    Aspects.of(scope).add({ visit: (construct) => environment.noteIn(construct, scope) });
    return environment;
  }

  /** The environment of a construct: the nearest definition above it, or production behaviour where there is none. */
  public static of(construct: IConstruct): Environment {
    for (const scope of construct.node.scopes.reverse()) {
      const props = read(scope);
      if (props) return new Environment(props, true);
    }
    return new Environment({ project: 'undefined', name: 'undefined', tier: Tier.PRODUCTION }, false);
  }

  /** The product that lives here. */
  public readonly project: string;
  /** What the owners call the environment. */
  public readonly name: string;
  /** How much it matters. */
  public readonly tier: Tier;
  /** The AWS account, where it is named. */
  public readonly account?: string;
  /** The AWS region, where it is named. */
  public readonly region?: string;
  /** The availability zones in the order in which they are taken into use, where they are named. */
  public readonly zones?: string[];
  /** Every tag with its value, the derived ones included. */
  public readonly tags: { [key: string]: string };
  /** The tag keys that every taggable resource must carry. */
  public readonly requiredTags: string[];
  /** Whether somebody defined it, or nobody did and it stands for production behaviour. */
  public readonly isDefined: boolean;
  /** What a Stack takes as its `env`: the account and the region. */
  public readonly target: DeploymentTarget;
  private readonly namePattern: string;

  private constructor(props: EnvironmentProps, isDefined: boolean) {
    this.project = props.project;
    this.name = props.name;
    this.tier = props.tier;
    this.account = props.account;
    this.region = props.region;
    this.zones = props.zones && [...props.zones];
    this.tags = isDefined ? tagsOf(props) : {};
    this.requiredTags = props.requiredTags ?? (isDefined ? DEFAULT_REQUIRED_TAGS : []);
    this.isDefined = isDefined;
    this.target = { account: props.account, region: props.region };
    this.namePattern = props.namePattern ?? '{project}-{environment}-{component}';
  }

  /**
   * A name for a component of this environment: `shop-dev-api`. For the few things whose name people type; a physical
   * name on a resource that may be replaced stands in the way of its replacement.
   *
   * @param component what it is, such as `api`
   */
  public resourceName(component: string, options: ResourceNameOptions = {}): string {
    const full = this.namePattern
      .replace('{project}', this.project)
      .replace('{environment}', this.name)
      .replace('{component}', component);
    return fitName(full, options);
  }

  /** The stacks that would be deployed to another account or region than the environment that they are in. */
  private strays(scope: Construct): string[] {
    return scope.node
      .findAll()
      .filter((construct): construct is Stack => Stack.isStack(construct) && nearestDefinition(construct) === scope)
      .flatMap((stack) => [
        ...this.stray(stack, 'account', stack.account, this.account),
        ...this.stray(stack, 'region', stack.region, this.region),
      ]);
  }

  /** Notes in a stack which tags it has to carry: the rules go by it, and so does whoever reads the assembly later. */
  private noteIn(construct: IConstruct, scope: Construct): void {
    if (Stack.isStack(construct) && nearestDefinition(construct) === scope)
      construct.node.addMetadata(RULE_SETTINGS, { requiredTags: this.requiredTags });
  }

  private stray(stack: Stack, what: string, actual: string, expected?: string): string[] {
    if (expected === undefined || actual === expected) return [];
    const got = Token.isUnresolved(actual) ? 'none, which means that of whoever deploys' : actual;
    return [
      `Stack "${stack.node.path}": env.${what} must be ${expected}, the ${what} of environment "${this.name}", got ${got}; ` +
        'pass env: Environment.of(this).target, or define an environment on this stack',
    ];
  }
}

function read(scope: IConstruct): EnvironmentProps | undefined {
  return (scope as unknown as Record<symbol, EnvironmentProps | undefined>)[KEY];
}

function nearestDefinition(construct: IConstruct): IConstruct | undefined {
  return construct.node.scopes.reverse().find((scope) => read(scope) !== undefined);
}
