import { Server, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** The code of the Lambda function, as it is deployed. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- it is CommonJS, as Lambda loads it
const { handler } = require(join(__dirname, '../assets/smoke-hook/index.js')) as {
  handler: () => Promise<{ hookStatus: string }>;
};

const HEADER = 'x-groundplan-test';
let server: Server;
let asked: string[];
/** What the server answers, in this order; the last one again and again. */
let answers: { status: number; body?: string; afterMs?: number }[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    // Without the header the balancer would send the request to the old version, which is broken here.
    if (request.headers[HEADER] !== 'token') return void response.writeHead(500).end();
    asked.push(request.url ?? '');
    const { status, body = '', afterMs = 0 } = answers.length > 1 ? answers.shift()! : answers[0];
    setTimeout(() => response.writeHead(status, { location: '/elsewhere' }).end(body), afterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  jest.spyOn(console, 'log').mockImplementation();
});

afterEach(() => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

async function ask(checks: object[], patienceMs = 0, port = (server.address() as AddressInfo).port): Promise<string> {
  process.env.BASE_URL = `http://127.0.0.1:${port}`;
  process.env.TEST_HEADER = HEADER;
  process.env.TEST_VALUE = 'token';
  process.env.CHECKS = JSON.stringify(checks);
  process.env.PATIENCE_MS = String(patienceMs);
  return (await handler()).hookStatus;
}

const check = { path: '/health', status: 200, withinMs: 300 };

test('an answer as declared lets the deployment go on', async () => {
  answers = [{ status: 200, body: '{"status":"ok"}' }];
  expect(await ask([check, { ...check, path: '/version', contains: 'ok' }])).toBe('SUCCEEDED');
  expect(asked.sort()).toEqual(['/health', '/version']);
});

test.each([
  ['a 500', { status: 500 }, check],
  ['a redirect, which is not followed', { status: 302 }, check],
  ['a body without the text', { status: 200, body: 'no' }, { ...check, contains: 'yes' }],
  ['an answer that comes too late', { status: 200, afterMs: 900 }, check],
])('%s rolls back', async (_, answer, asking) => {
  answers = [answer];
  expect(await ask([asking])).toBe('FAILED');
});

test('one bad answer of several rolls back', async () => {
  answers = [{ status: 200 }];
  expect(await ask([check, { ...check, status: 404 }])).toBe('FAILED');
});

test('a version that does not listen rolls back, with the reason in the log', async () => {
  const log = jest.spyOn(console, 'log');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await ask([check], 0, port)).toBe('FAILED');
  expect(log.mock.calls.join()).toContain('ECONNREFUSED');
});

test('a version that needs a moment is asked again', async () => {
  answers = [{ status: 503 }, { status: 200 }];
  expect(await ask([check], 10_000)).toBe('SUCCEEDED');
  expect(asked).toHaveLength(2);
});
