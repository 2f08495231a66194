import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  CfnResource,
  Duration,
  NestedStack,
  RemovalPolicy,
  Size,
  Stack,
  aws_ec2 as ec2,
  aws_elasticsearch as es,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import { contractOf, expectContract, expectDefaults } from '../src';

let folder: string;
let golden: string;
const environment = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
  golden = join(folder, 'contract.json');
  delete process.env.CI;
  delete process.env.UPDATE_CONTRACT;
});
afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

/** Writes what `expectation` holds as golden, as a person does. */
function accept(expectation: () => void): void {
  process.env.UPDATE_CONTRACT = '1';
  expectation();
  delete process.env.UPDATE_CONTRACT;
}

function aBucket(props: s3.BucketProps = {}, id = 'Data'): Stack {
  const stack = new Stack();
  new s3.Bucket(stack, id, props);
  return stack;
}

describe('a contract', () => {
  test('holds type, policies and create-only values, and nothing that may change freely', () => {
    expect(contractOf(aBucket({ bucketName: 'fixed', versioned: true }))).toEqual({
      Data666C94C7: {
        type: 'AWS::S3::Bucket',
        deletionPolicy: 'Retain',
        updateReplacePolicy: 'Retain',
        createOnly: { BucketName: 'fixed' },
      },
    });
  });

  test('keeps intrinsic values as they stand in the template', () => {
    const stack = new Stack();
    const vpc = new ec2.CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
    new ec2.CfnSubnet(stack, 'Subnet', { vpcId: vpc.ref, cidrBlock: '10.0.0.0/24', mapPublicIpOnLaunch: true });
    expect(contractOf(stack)).toEqual({
      Vpc: { type: 'AWS::EC2::VPC', createOnly: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { type: 'AWS::EC2::Subnet', createOnly: { CidrBlock: '10.0.0.0/24', VpcId: { Ref: 'Vpc' } } },
    });
  });

  test('follows nested properties to a create-only one', () => {
    const stack = new Stack();
    new es.CfnDomain(stack, 'Search', { encryptionAtRestOptions: { enabled: true, kmsKeyId: 'key' } });
    expect(contractOf(stack).Search.createOnly).toEqual({ 'EncryptionAtRestOptions.KmsKeyId': 'key' });
  });

  test('has no create-only values for a type that AWS does not describe', () => {
    const stack = new Stack();
    new CfnResource(stack, 'Own', { type: 'Custom::Own', properties: { Anything: 1 } });
    expect(contractOf(stack)).toEqual({ Own: { type: 'Custom::Own' } });
  });

  test('names the stack before the logical id in an app and in nested stacks', () => {
    const app = new App();
    const stack = new Stack(app, 'Data');
    new ec2.CfnEIP(new NestedStack(stack, 'Inner'), 'Address');
    expect(Object.keys(contractOf(app))).toContain('Data/Inner/Address');
    expect(Object.keys(contractOf(stack))).toContain('Inner/Address');
  });
});

describe('expectContract', () => {
  test('passes when nothing changed', () => {
    accept(() => expectContract(contractOf(aBucket()), golden, 'production'));
    expect(() => expectContract(contractOf(aBucket()), golden, 'production')).not.toThrow();
  });

  test('fails when a logical id vanished, and names the one that is new', () => {
    accept(() => expectContract(contractOf(aBucket()), golden, 'production'));
    const renamed = () => expectContract(contractOf(aBucket({}, 'Files')), golden, 'production');
    expect(renamed).toThrow(/- Data\w+ \(AWS::S3::Bucket\) vanished/);
    expect(renamed).toThrow(/\+ Files\w+ \(AWS::S3::Bucket\) is new/);
    expect(renamed).toThrow(/breaking change/);
  });

  test('fails when a type changed', () => {
    accept(() => expectContract({ Main: { type: 'AWS::SQS::Queue' } }, golden, 'production'));
    const changed = () => expectContract({ Main: { type: 'AWS::SNS::Topic' } }, golden, 'production');
    expect(changed).toThrow('Main: type AWS::SQS::Queue → AWS::SNS::Topic');
  });

  test('fails when a create-only value changed', () => {
    accept(() => expectContract(contractOf(aBucket({ bucketName: 'one' })), golden, 'production'));
    const changed = () => expectContract(contractOf(aBucket({ bucketName: 'two' })), golden, 'production');
    expect(changed).toThrow('BucketName: "one" → "two": the resource would be replaced');
  });

  test('fails when a deletion policy changed', () => {
    accept(() => expectContract(contractOf(aBucket()), golden, 'production'));
    const changed = () =>
      expectContract(contractOf(aBucket({ removalPolicy: RemovalPolicy.DESTROY })), golden, 'production');
    expect(changed).toThrow('deletionPolicy: "Retain" → "Delete"');
  });

  test('does not mind a change that replaces nothing', () => {
    accept(() => expectContract(contractOf(aBucket()), golden, 'production'));
    expect(() => expectContract(contractOf(aBucket({ versioned: true })), golden, 'production')).not.toThrow();
  });

  test('fails without a golden and writes none', () => {
    expect(() => expectContract(contractOf(aBucket()), golden, 'production')).toThrow('UPDATE_CONTRACT=1');
    expect(() => readFileSync(golden)).toThrow('ENOENT');
  });

  test('fails for a tier that the golden lacks', () => {
    accept(() => expectContract(contractOf(aBucket()), golden, 'production'));
    expect(() => expectContract(contractOf(aBucket()), golden, 'staging')).toThrow('There is no "staging"');
  });

  test('is not written in CI', () => {
    process.env.UPDATE_CONTRACT = '1';
    process.env.CI = 'true';
    expect(() => expectContract(contractOf(aBucket()), golden, 'production')).toThrow('refused in CI');
  });

  test('keeps the other keys of the file, all in order', () => {
    accept(() => {
      expectContract({ B: { type: 'b' }, A: { type: 'a' } }, golden, 'staging');
      expectContract({ A: { type: 'a' } }, golden, 'production');
    });
    expect(readFileSync(golden, 'utf8')).toBe(
      `${JSON.stringify({ production: { A: { type: 'a' } }, staging: { A: { type: 'a' }, B: { type: 'b' } } }, null, 2)}\n`,
    );
  });
});

describe('expectDefaults', () => {
  const table = { production: { zones: 3, retention: Duration.days(90), buffer: Size.gibibytes(1), note: undefined } };

  test('holds a table whose values are classes', () => {
    accept(() => expectDefaults(table, golden));
    expect(() => expectDefaults({ production: { ...table.production } }, golden)).not.toThrow();
  });

  test.each([
    ['a number', { zones: 2 }, 'production.zones: 3 → 2'],
    ['a class', { retention: Duration.days(30) }, /production.retention: .*90.* → .*30/],
    ['a value that vanished', { zones: undefined }, 'production.zones: 3 → (not set)'],
  ])('fails when %s changed', (_, change, message) => {
    accept(() => expectDefaults(table, golden));
    expect(() => expectDefaults({ production: { ...table.production, ...change } }, golden)).toThrow(message);
  });

  test('fails without a golden', () => {
    writeFileSync(golden, '{}');
    expect(() => expectDefaults(table, golden)).toThrow('There is no "defaults"');
  });
});
