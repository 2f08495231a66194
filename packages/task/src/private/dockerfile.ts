/** One stage of a Dockerfile: what it starts from, what it is called, and the user that it names. */
interface BuildStage {
  readonly base: string;
  readonly name?: string;
  readonly user?: string;
}

/**
 * The user that an image runs as, by its Dockerfile: that of the stage which is built, or of the stages that it stands on.
 *
 * @param target the stage that is built, by default the last
 * @returns the text after `USER`; nothing where the Dockerfile names none
 */
export function userOf(dockerfile: string, target?: string): string | undefined {
  const stages = stagesOf(dockerfile);
  let at = target === undefined ? stages.length - 1 : indexOf(stages, target);
  // A name stands for a stage further up: one further down may have the same name as a base image.
  while (at >= 0 && stages[at].user === undefined) at = indexOf(stages.slice(0, at), stages[at].base);
  return stages[at]?.user;
}

/** The names of the stages that can be built on their own. */
export function stageNamesOf(dockerfile: string): string[] {
  return stagesOf(dockerfile).flatMap(({ name }) => name ?? []);
}

function indexOf(stages: BuildStage[], name: string): number {
  return stages.map((stage) => stage.name).lastIndexOf(name.toLowerCase());
}

function stagesOf(dockerfile: string): BuildStage[] {
  const stages: BuildStage[] = [];
  const lines = dockerfile
    .replace(/^[ \t]*#.*(\r?\n|$)/gm, '') // also between lines that belong together
    .replace(/\\[ \t]*\r?\n/g, ' ')
    .split(/\r?\n/);
  for (const line of lines) {
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    if (from) stages.push({ base: from[1], name: from[2]?.toLowerCase() });
    const user = /^\s*USER\s+(\S+)/i.exec(line)?.[1];
    if (user && stages.length > 0) stages.push({ ...stages.pop()!, user });
  }
  return stages;
}

/** Whether a user is the superuser, by name or by number. */
export function isRoot(user: string): boolean {
  return /^(root|0+)(:|$)/.test(user);
}
