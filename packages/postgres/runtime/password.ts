/** A user whose password stands in a variable of the container. */
interface Named {
  readonly name: string;
  readonly passwordVariable?: string;
}

/** What ECS put into the variable. */
export function passwordOf({ name, passwordVariable }: Named, environment: NodeJS.ProcessEnv): string {
  const password = environment[passwordVariable!];
  if (!password) throw new Error(`${passwordVariable} is empty: it has to hold the password of ${name}.`);
  return password;
}
