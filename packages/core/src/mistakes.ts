import { Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

/** One mistake in the configuration of a construct. */
export interface Mistake {
  /** The prop, with its path where it is nested: `zones`, `endpoints[1]`, `tags.Owner`. */
  readonly prop: string;
  /** What is allowed, as the end of "must be …": `between 1 and 6`. */
  readonly mustBe: string;
  /** What was given, as the reader wrote it. */
  readonly got: string;
  /** What to do now, in the imperative: `name more zones in Environment.define`. */
  readonly remedy: string;
}

/**
 * Collects the configuration mistakes of one construct, so that its user sees them all at once instead of one a run.
 *
 * @example
 * import { Mistakes } from '@groundplan/core';
 * import { Construct } from 'constructs';
 *
 * class Cache extends Construct {
 *   constructor(scope: Construct, id: string, nodes: number) {
 *     super(scope, id);
 *     const mistakes = new Mistakes(this, 'Cache');
 *     if (nodes > 6) {
 *       mistakes.add({ prop: 'nodes', mustBe: 'at most 6', got: `${nodes}`, remedy: 'use fewer nodes' });
 *     }
 *     mistakes.throwIfAny();
 *   }
 * }
 */
export class Mistakes {
  private readonly found: Mistake[] = [];

  /**
   * @param scope the construct that is configured
   * @param kind what it is to its user, the name of its class
   */
  constructor(
    private readonly scope: IConstruct,
    private readonly kind: string,
  ) {}

  /** Notes a mistake and goes on. */
  public add(mistake: Mistake): void {
    this.found.push(mistake);
  }

  /**
   * Whether a value is known at synthesis. One that is a token is noted as a mistake: for the few props that decide
   * what is created.
   *
   * @returns true when the value can be read
   */
  public requireLiteral(prop: string, value: unknown, remedy: string): boolean {
    if (value === undefined || !Token.isUnresolved(value)) return true;
    this.add({ prop, mustBe: 'a literal', got: 'a token that is known only at deployment', remedy });
    return false;
  }

  /** Reports everything that was noted, in one error; does nothing when there was nothing. */
  public throwIfAny(): void {
    if (this.found.length === 0) return;
    const subject = `${this.kind} "${this.scope.node.path || 'App'}"`;
    const lines = this.found.map(({ prop, mustBe, got, remedy }) => `${prop} must be ${mustBe}, got ${got}; ${remedy}`);
    if (lines.length === 1) throw new Error(`${subject}: ${lines[0]}`);
    throw new Error(`${subject} has ${lines.length} mistakes:\n${lines.map((line) => `  - ${line}`).join('\n')}`);
  }
}
