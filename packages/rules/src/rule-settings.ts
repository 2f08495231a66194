/** What the rules go by. It is noted in every stack, so that whoever reads the assembly later goes by the same. */
export interface RuleSettings {
  /**
   * Tags that every resource has to carry, with a value.
   *
   * @default Project, Environment, ManagedBy, Owner and CostCenter
   */
  readonly requiredTags?: string[];
}
