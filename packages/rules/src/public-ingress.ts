import type { IConstruct } from 'constructs';
import { PUBLIC_INGRESS } from './private/notes';

/** Declarations of what the internet may ask. */
export class PublicIngress {
  /**
   * Declares that the internet may ask a construct and what stands below it. The rule `NoUndeclaredPublicIngress` accepts
   * it, and the reason is kept in the assembly for whoever reads it.
   *
   * @param construct what is public: a balancer, a distribution, an API
   * @param reason for an auditor: who is meant to come here, and what keeps others out
   * @throws where the reason is empty
   */
  public static declare(construct: IConstruct, reason: string): void {
    if (reason.trim() === '')
      throw new Error(
        `PublicIngress of "${construct.node.path}": reason must not be empty; say who is meant to come here, and what keeps others out.`,
      );
    construct.node.addMetadata(PUBLIC_INGRESS, reason);
  }

  private constructor() {}
}
