import { runCommandLine } from '../src/cli';

export interface Said {
  readonly code: number;
  /** Everything, on both streams. */
  readonly said: string;
  /** What it answers: stdout alone. */
  readonly answer: string;
}

/** Runs the command in this process and answers its exit code with what it says. */
export async function groundplan(...args: string[]): Promise<Said> {
  const lines: { text: string; isAnswer: boolean }[] = [];
  const listen = (isAnswer: boolean) => (text: unknown) => lines.push({ text: `${String(text)}\n`, isAnswer }) > 0;
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(listen(true)),
    jest.spyOn(process.stderr, 'write').mockImplementation(listen(false)),
    jest.spyOn(console, 'log').mockImplementation(listen(true)),
    jest.spyOn(console, 'error').mockImplementation(listen(false)),
  ];
  const code = await runCommandLine(args);
  for (const spy of spies) spy.mockRestore();
  const textOf = (chosen: typeof lines) => chosen.map(({ text }) => text).join('');
  return { code, said: textOf(lines), answer: textOf(lines.filter(({ isAnswer }) => isAnswer)) };
}
