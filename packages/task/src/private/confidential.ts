import { CfnParameter, Reference, Stack, Tokenization } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** `scheme://user:password@host`. */
const CREDENTIALS = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;
/** What CloudFormation would replace by the secret itself, for everybody to read. */
const RESOLVED_SECRET = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** Whether a text would put something confidential into a task definition, in the clear. */
export function isConfidential(scope: Construct, text: string): boolean {
  const resolved: unknown = Stack.of(scope).resolve(text);
  return (
    RESOLVED_SECRET.test(JSON.stringify(resolved ?? '')) ||
    CREDENTIALS.test(readable(resolved)) ||
    holdsHiddenParameter(text)
  );
}

/** What a text will look like, with an `x` for whatever is known only at deployment. */
function readable(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const [separator, parts] = (resolved as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join'] ?? ['', []];
  return Array.isArray(parts) ? parts.map((part) => (typeof part === 'string' ? part : 'x')).join(separator) : 'x';
}

/** A parameter with `NoEcho` is hidden from whoever reads the stack; a task definition shows it. */
function holdsHiddenParameter(text: string): boolean {
  return Tokenization.reverseString(text).tokens.some(
    (token) => Reference.isReference(token) && token.target instanceof CfnParameter && token.target.noEcho,
  );
}
