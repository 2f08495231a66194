import { runPool } from './main';

runPool(process.env, (line) => console.log(line)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`The pool did not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
