import * as http from 'http';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  /** @default 'GET' */
  readonly method?: string;
  readonly body?: string;
}

/** One request to a port of this machine under any host name: Node.js does not resolve `*.localhost` by itself. */
export function ask(port: number, host: string, path = '/', { method, body: text }: Question = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: `${host}:${port}` };
    http
      .request({ host: '127.0.0.1', port, path, method, headers, agent: false, timeout: 15_000 }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      })
      .once('error', reject)
      .end(text);
  });
}

/** What visitors were answered, and why they were not. */
export interface Visits {
  readonly answers: Answer[];
  readonly failures: string[];
}

/** Visitors, one per path, who ask without a pause while something is done. */
export async function visitedWhile(
  port: number,
  host: string,
  paths: string[],
  work: () => Promise<void>,
): Promise<Visits> {
  const visits: Visits = { answers: [], failures: [] };
  let leaving = false;
  const visitors = paths.map(async (path) => {
    while (!leaving) {
      try {
        const answer = await ask(port, host, path);
        if (answer.status === 200) visits.answers.push(answer);
        else visits.failures.push(`${answer.status} ${answer.body}`);
      } catch (error) {
        visits.failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  try {
    await work();
  } finally {
    leaving = true;
    await Promise.all(visitors);
  }
  return visits;
}
