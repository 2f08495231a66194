import { makeUsers } from './main';

makeUsers(process.env, (line) => console.log(line)).catch((error: unknown) => {
  console.error(`The users were not made: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
