/** Resources of one stack by their logical ids: the type, and its properties. What begins with `Sound` is as it should be. */
export type Resources = Readonly<Record<string, readonly [type: string, properties?: object]>>;

/** A parameter of every stack here that has no default: what it says is known only at deployment. */
export const OPEN = { Ref: 'Open' };

/** The parameter of another name, for what depends on two. */
export const ALSO_OPEN = { Ref: 'AlsoOpen' };
