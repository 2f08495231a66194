import type { EnvironmentProps } from '../environment';

/** The five standard tags that the estates share (C5, CA-007…012, IP-060). */
export const DEFAULT_REQUIRED_TAGS = ['Project', 'Environment', 'ManagedBy', 'Owner', 'CostCenter'];

/** Every tag with its value: the derived ones, overridden by what was given. */
export function tagsOf(props: EnvironmentProps): { [key: string]: string } {
  return { Project: props.project, Environment: props.name, ManagedBy: 'groundplan', ...props.tags };
}
