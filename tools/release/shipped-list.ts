import { Shipped } from './licences';

/** `LICENCES.md` of a release: everything that is installed together with our packages, by licence. */
export function renderShipped(shipped: Shipped[]): string {
  const licences = [...new Set(shipped.map(({ licence }) => licence))].sort();
  return [
    '# What comes with the packages of this release',
    '',
    'Runtime dependencies from npm, and what `groundplan local up` installs from PyPI. Construct packages bring nothing.',
    ...licences.flatMap((licence) => [
      `\n## ${licence}\n`,
      ...shipped
        .filter((one) => one.licence === licence)
        .map(({ from, name, version }) => `- ${name} ${version} (${from})`),
    ]),
    '',
  ].join('\n');
}
