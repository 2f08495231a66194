import { Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import type { EnvironmentProps } from '../environment';
import { Mistakes } from '../mistakes';
import { Tier } from '../tier';
import { DEFAULT_REQUIRED_TAGS, tagsOf } from './tags';

/** Letters, digits and hyphens hold in the name of every AWS resource. */
const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** AWS region names: partition, area, number; local zones are zones, not regions. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
/** Tagging AWS resources, "Tag naming limits and requirements": at most 128 and 256 of these characters, no `aws:` prefix. */
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;

/** Notes every mistake in the props of an environment. */
export function checkEnvironment(scope: IConstruct, props: EnvironmentProps, mistakes: Mistakes): void {
  const literal = `write it out: it decides what is created, before anything is deployed`;
  for (const prop of ['project', 'name'] as const)
    if (mistakes.requireLiteral(prop, props[prop], literal) && !NAME.test(props[prop]))
      mistakes.add({
        prop,
        mustBe: 'lower-case letters, digits and inner hyphens',
        got: `"${props[prop]}"`,
        remedy: 'it becomes part of resource names; put the display name in a tag',
      });
  if (!Object.values(Tier).includes(props.tier))
    mistakes.add({
      prop: 'tier',
      mustBe: `one of ${Object.values(Tier).join(', ')}`,
      got: `"${props.tier}"`,
      remedy: 'use Tier.SANDBOX, Tier.DEVELOPMENT, Tier.STAGING or Tier.PRODUCTION; `name` is free text',
    });
  if (mistakes.requireLiteral('account', props.account, literal) && props.account && !/^\d{12}$/.test(props.account))
    mistakes.add({
      prop: 'account',
      mustBe: 'twelve digits',
      got: `"${props.account}"`,
      remedy: 'write it as a string, with its leading zeros, or leave it out for the account of the credentials',
    });
  if (mistakes.requireLiteral('region', props.region, literal) && props.region && !REGION.test(props.region))
    mistakes.add({
      prop: 'region',
      mustBe: 'an AWS region such as eu-central-1',
      got: `"${props.region}"`,
      remedy: 'name the region, not a zone, or leave it out for the region of the credentials',
    });
  checkZones(scope, props, mistakes);
  checkTags(props, mistakes);
  if (props.namePattern && !props.namePattern.includes('{component}'))
    mistakes.add({
      prop: 'namePattern',
      mustBe: 'a pattern with {component} in it',
      got: `"${props.namePattern}"`,
      remedy: 'without it all components would share one name',
    });
}

function checkZones(scope: IConstruct, { zones, account, region }: EnvironmentProps, mistakes: Mistakes): void {
  if (!zones) return;
  const known = zones.filter((zone) => !Token.isUnresolved(zone));
  const elsewhere = region ? known.filter((zone) => !zone.startsWith(region)) : [];
  if (zones.length === 0 || new Set(known).size !== known.length || elsewhere.length > 0)
    mistakes.add({
      prop: 'zones',
      mustBe: `different zones${region ? ` of ${region}` : ''}`,
      got: `[${zones.join(', ')}]`,
      remedy: `name them in the order in which they are taken into use, such as ${region ?? 'eu-central-1'}a`,
    });
  if (account && region && scope.node.children.length > 0)
    mistakes.add({
      prop: 'scope',
      mustBe: 'empty when zones are named',
      got: `${scope.node.children.length} children`,
      remedy: 'call Environment.define before the first stack is created, so that it synthesizes without look-ups',
    });
}

function checkTags(props: EnvironmentProps, mistakes: Mistakes): void {
  const tags = tagsOf(props);
  for (const key of props.requiredTags ?? DEFAULT_REQUIRED_TAGS)
    if (!tags[key])
      mistakes.add({
        prop: `tags.${key}`,
        mustBe: 'present, it is a required tag',
        got: 'nothing',
        remedy: `add it to tags, or name the keys that your organisation requires in requiredTags`,
      });
  for (const [key, value] of Object.entries(tags)) {
    if (Token.isUnresolved(value) || value === '') continue;
    const fits = TAG_CHARACTERS.test(key) && TAG_CHARACTERS.test(value) && key.length <= 128 && value.length <= 256;
    if (!fits || key.toLowerCase().startsWith('aws:'))
      mistakes.add({
        prop: `tags.${key}`,
        mustBe:
          'at most 128 characters of key and 256 of value, of letters, digits, spaces and _.:/=+-@, not beginning with aws:',
        got: `"${value}"`,
        remedy: 'shorten or respell it',
      });
  }
}
