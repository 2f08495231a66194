/** How sure an answer is. */
export enum Certainty {
  /** The templates say all of it. */
  CERTAIN = 'certain',
  /** It may be so: a part is known only when it is deployed, or stands outside of the assembly. */
  UNKNOWN = 'unknown',
}
