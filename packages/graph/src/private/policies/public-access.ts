import type { TemplateResource } from '../assembly/template';
import { booleanOf, textOf, unknownIn } from '../evaluation/value';
import type { Model } from '../model';
import { blockOf, isPublic } from '../network/addresses';
import type { Opening } from '../network/openings';
import { tcp } from '../network/ports';
import { meetsStranger, sourceBlocks } from './conditions';
import { Statement, statementsOn } from './statements';

/** Who comes through a door that is no network of ours: everybody who knows its name. */
export const ANYONE = 'anyone';

/** What the policies on a resource open to the internet, after what they deny. */
export function publicAccess(model: Model, resource: TemplateResource): Opening[] {
  const statements = statementsOn(model, resource);
  const blocked = resource.type === 'AWS::S3::Bucket' ? blocksPublicPolicies(model, resource) : false;
  const denials = statements.filter((statement) => !statement.allows);
  return (
    statements
      // the block is about policies that S3 calls public: one for a narrow block of addresses is none
      .filter(({ allows, admitsStrangers, isPublic }) => allows && admitsStrangers && !(blocked === true && isPublic))
      .flatMap((statement) =>
        afterDenials(statement, denials).map(({ source, doubts }) => ({
          source,
          ports: tcp(443),
          allowedBy: [statement.writtenIn],
          doubts: [...new Set([...statement.doubts, ...doubts, ...(typeof blocked === 'string' ? [blocked] : [])])],
        })),
      )
  );
}

interface Source {
  readonly source: string;
  readonly doubts: readonly string[];
}

/** Where requests may come from that a statement allows and no other denies. */
function afterDenials(statement: Statement, denials: readonly Statement[]): Source[] {
  const limits = [sourceBlocks(statement.conditions)];
  const doubts: string[] = [];
  for (const denial of denials) {
    if (!isAboutStrangers(denial) || !covers(denial, statement)) continue;
    const exempt = sourceBlocks(denial.conditions, 'notipaddress');
    if (denial.doubts.length > 0) doubts.push(...denial.doubts);
    else if (exempt) limits.push(exempt);
    else return [];
  }
  const said = limits.filter((blocks) => blocks !== undefined);
  if (said.length === 0) return [{ source: ANYONE, doubts }];
  // of several limits the first is shown, and the others may narrow it
  const narrowed = said.length > 1 ? ['several statements limit where requests come from'] : [];
  return said[0].flatMap((value): Source[] => {
    const text = textOf(value);
    const block = blockOf(text);
    if (block) return isPublic(block) ? [{ source: text, doubts: [...doubts, ...narrowed] }] : [];
    const why = unknownIn(value)?.why ?? `"${text}" is known when it is deployed`;
    return [{ source: text, doubts: [...doubts, ...narrowed, why] }];
  });
}

/** Whether a denial holds for requests of strangers, at least from somewhere. */
function isAboutStrangers({ principals, conditions }: Statement): boolean {
  return principals.includes('*') && conditions.every(meetsStranger);
}

/** Whether a denial takes away all that a statement allows. */
function covers(denial: Statement, { actions, resources }: Statement): boolean {
  const all = (patterns: readonly string[], texts: readonly string[]) =>
    patterns.length === 0 || texts.every((text) => patterns.some((pattern) => matches(pattern, text)));
  return all(denial.actions, actions) && all(denial.resources, resources);
}

function matches(pattern: string, text: string): boolean {
  const [parts, lower] = [pattern.toLowerCase().split('*'), text.toLowerCase()];
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(lower);
}

/** Why a bucket may refuse public policies; true when it does. A new bucket blocks what its configuration does not open. https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
export function blocksPublicPolicies(model: Model, bucket: TemplateResource): boolean | string {
  const settings = ['BlockPublicPolicy', 'RestrictPublicBuckets'].map((setting) => isBlocked(model, bucket, setting));
  if (settings.includes(true)) return true;
  return settings.find((setting) => typeof setting === 'string') ?? false;
}

/** Whether a setting of a bucket's public access block is on; a sentence where that is known only when it is deployed. */
export function isBlocked(model: Model, bucket: TemplateResource, setting: string): boolean | string {
  const configuration = model.property(bucket, 'PublicAccessBlockConfiguration');
  if (!configuration) return true;
  const said = model.property(bucket, `PublicAccessBlockConfiguration.${setting}`);
  return unknownIn(said)?.why ?? booleanOf(said) ?? false;
}
