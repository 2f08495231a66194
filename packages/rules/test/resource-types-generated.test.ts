import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

const FILE = join(__dirname, '..', 'src', 'private', 'resource-types.generated.ts');

/** The table of resource types, made from AWS's own description of them. */
function generated(): string {
  const services = new Map<string, string[]>();
  for (const { cloudFormationType, tagInformation } of loadAwsServiceSpecSync().all('resource')) {
    const [vendor, service, name] = cloudFormationType.split('::');
    if (vendor !== 'AWS') continue;
    const property = tagInformation?.tagPropertyName;
    const mark = property === undefined ? '' : property === 'Tags' ? '+' : `+${property}`;
    services.set(service, [...(services.get(service) ?? []), name + mark]);
  }
  const lines = [...services]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, names]) => `  ${service}: '${names.sort().join(' ')}',`);
  return [
    '/*',
    " * Generated from AWS's own description of its resource types: UPDATE_RESOURCE_TYPES=1 npx jest test/resource-types",
    ' *',
    ' * Service -> the names of its types; `+` stands behind those that can be tagged, with the name of the property where',
    ' * it is not `Tags`.',
    ' */',
    '',
    '/* prettier-ignore */',
    'export const RESOURCE_TYPES: Readonly<Record<string, string>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

test('the table of resource types is what AWS says today', () => {
  const text = generated();
  if (process.env.UPDATE_RESOURCE_TYPES) writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8')).toBe(text);
});
