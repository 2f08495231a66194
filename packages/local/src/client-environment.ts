import * as os from 'os';
import * as path from 'path';

/** How a client reaches the local AWS, as the AWS SDKs take it. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** An access key of twelve digits is the account that the request is for. */
export function clientConfig(port: number, account: string, region: string): ClientConfig {
  return { endpoint: endpointOf(port), region, credentials: { accessKeyId: account, secretAccessKey: 'local' } };
}

/** An address and not `localhost`: that may mean ::1, and for an address every SDK puts the bucket into the path. */
export function endpointOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * The environment of a command that talks to the local AWS and cannot talk to any other.
 *
 * Everything that could lead to a real account is gone: a profile, a session, a role, an endpoint of one service (it would
 * beat ours), a proxy in between.
 */
export function clientEnvironment(
  target: { port: number; account: string; region: string; cdkHome: string; docker: string },
  base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(base).filter(([name]) => !/^(AWS_|CDK_DEFAULT_|CDK_NEW_BOOTSTRAP)/.test(name));
  const own = ['127.0.0.1', 'localhost'];
  const noProxy = [...(base.NO_PROXY ?? base.no_proxy ?? '').split(','), ...own].filter(Boolean).join(',');
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpointOf(target.port),
    AWS_ACCESS_KEY_ID: target.account,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: target.region,
    AWS_DEFAULT_REGION: target.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_HOME: target.cdkHome,
    // Images are built and pushed without Docker; what is not about an image asset goes to the real one.
    CDK_DOCKER: target.docker,
    ...(base.CDK_DOCKER && base.CDK_DOCKER !== target.docker ? { GROUNDPLAN_DOCKER: base.CDK_DOCKER } : {}),
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/** The environment of the emulator itself: the same cleaning, and the folders of Node.js and its AWS SDK. */
export function emulatorEnvironment(base: NodeJS.ProcessEnv, own: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(base).filter(
    ([name]) => !/^(AWS_|NODE_OPTIONS$|NODE_PATH$|PYTHON|VIRTUAL_ENV$)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...own,
    // Lambda functions, CloudFront functions and resolvers run in the Node.js that runs this.
    PATH: [path.dirname(process.execPath), base.PATH].filter(Boolean).join(path.delimiter),
    PYTHONNOUSERSITE: '1',
  };
}
