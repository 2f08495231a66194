import { deferImports } from '../../pack/defer-imports';

const NOTHING = () => [];

test('a service is read when its first member is asked for', () => {
  const compiled = 'const aws_ec2_1 = require("aws-cdk-lib/aws-ec2");\nconst port = aws_ec2_1.Port.tcp(443);';
  expect(deferImports(compiled, NOTHING)).toBe(
    'const aws_ec2_1 = () => require("aws-cdk-lib/aws-ec2");\nconst port = aws_ec2_1().Port.tcp(443);',
  );
});

test('what is made with new is the member, and not what finds it', () => {
  const compiled = 'const gate_1 = require("./private/gate");\nconst gate = new gate_1.Gate(gate_1.OPEN);';
  expect(deferImports(compiled, NOTHING)).toContain('const gate = new (gate_1().Gate)(gate_1().OPEN);');
});

test.each([
  ['core, of which everything has some', 'const core_1 = require("aws-cdk-lib/core");\ncore_1.Stack.of(this);'],
  ['a module that is handed on', 'const aws_ec2_1 = require("aws-cdk-lib/aws-ec2");\nuse(aws_ec2_1);\naws_ec2_1.Port;'],
])('%s is read at once', (_what, compiled) => {
  expect(deferImports(compiled, NOTHING)).toBe(compiled);
});

test('the index reads a file when one of its names is asked for', () => {
  const compiled = '__exportStar(require("./network"), exports);';
  const names = (module: string) => (module === './network' ? ['Network', 'Tiers'] : []);
  expect(deferImports(compiled, names)).toBe(
    [
      'Reflect.defineProperty(exports, "Network", { enumerable: true, get: () => require("./network").Network });',
      'Reflect.defineProperty(exports, "Tiers", { enumerable: true, get: () => require("./network").Tiers });',
    ].join('\n'),
  );
});
