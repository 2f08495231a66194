import { rmSync } from 'node:fs';
import type { ReachReport } from '../src/reach/command';
import { assembly, shop } from './assemblies';
import { groundplan } from './in-process';

const folder = assembly(shop);
afterAll(() => rmSync(folder, { recursive: true }));

test('who reaches the database: the service, a group that nobody is in, and the internet through code only', async () => {
  const { code, answer } = await groundplan('reach', folder, '--to', 'Shop/Database');
  expect(answer).toMatch(/Shop\/Database\/Resource AWS::RDS::DBInstance/);
  expect(answer).toMatch(/Shop\/Service\/Service\s+│ 5432\/tcp/);
  expect(answer).toMatch(/Shop\/Nobody\/Resource[^│]*│ 5432\/tcp/);
  expect(answer).not.toMatch(/│ internet/);
  expect(answer).toMatch(
    /internet \(0\.0\.0\.0\/0\) -> 80\/tcp Shop\/Balancer\/Resource -> 8080\/tcp Shop\/Service\/Service -> 5432\/tcp Shop\/Database\/Resource/,
  );
  expect(code).toBe(0);
});

test('what the internet reaches, as JSON', async () => {
  const { answer } = await groundplan('reach', folder, '--from-internet', '--json');
  const { rows, chains } = JSON.parse(answer) as ReachReport;
  expect(rows.map(({ target, ports, through }) => [target, ports, through])).toEqual([
    ['Shop/Service/Service', ['8080/tcp'], ['Shop/Balancer/Resource']],
    ['Shop/Balancer/Resource', ['80/tcp'], []],
  ]);
  expect(chains).toBeUndefined();
});

test('whom policies admit is shown on request', async () => {
  expect((await groundplan('reach', folder)).answer).not.toContain('sts:AssumeRole');
  const { answer } = await groundplan('reach', folder, '--policies');
  expect(answer).toMatch(/service:ecs-tasks\.amazonaws\.com\s+│ sts:AssumeRole/);
});

test('an app in which nothing is reached says so', async () => {
  const empty = assembly(() => undefined);
  expect((await groundplan('reach', empty)).answer).toMatch(/Nothing reaches anything/);
  rmSync(empty, { recursive: true });
});

test.each([
  ['a folder that is none', ['reach', '/no/such/folder'], /is no cloud assembly/],
  [
    'a resource that is none',
    ['reach', folder, '--to', 'Shop/Databse'],
    /--to: No resource of this assembly stands at "Shop\/Databse"/,
  ],
])('%s is refused, and ends with 2', async (_what, args, message) => {
  const { code, said } = await groundplan(...args);
  expect(said).toMatch(message);
  expect(code).toBe(2);
});
