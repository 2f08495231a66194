/** Notes on constructs that the rules read: entries of an assembly's metadata. Other packages may write them too. */

/** Declares that the internet may ask a construct and what stands below; its data is the reason. */
export const PUBLIC_INGRESS = 'groundplan:public-ingress';

/** What the rules go by in a stack; its data is of the shape of `RuleSettings`. */
export const RULE_SETTINGS = 'groundplan:rule-settings';
