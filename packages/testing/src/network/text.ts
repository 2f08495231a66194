/**
 * A template value as one line: `Ref` and `Fn::GetAtt` become `${Id}` and `${Id.Attribute}`, `Fn::Join` and `Fn::Sub` what
 * they join. Equal values give equal lines, so that two synths can be compared.
 */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(',');
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  switch (name) {
    case 'Ref':
      return `\${${argument}}`;
    case 'Fn::GetAtt':
      return `\${${Array.isArray(argument) ? argument.join('.') : argument}}`;
    case 'Fn::Sub':
      return textOf(Array.isArray(argument) ? argument[0] : argument);
    case 'Fn::Join':
      return (argument as [string, unknown[]])[1].map(textOf).join((argument as [string])[0]);
    case 'Fn::Select':
      return `${textOf((argument as unknown[])[1])}[${textOf((argument as unknown[])[0])}]`;
    case 'Fn::GetAZs':
      return 'zones';
    case 'Fn::Cidr': {
      // The count only bounds the slices: what lies at an index depends on the block and the size.
      const [block, , bits] = argument as unknown[];
      return `slices(${textOf(block)}, ${textOf(bits)} bits)`;
    }
    default:
      return JSON.stringify(value);
  }
}

/** The logical id that a `Ref` or `Fn::GetAtt` points to. */
export function referenceIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: string | string[] };
  if (ref) return ref;
  return Array.isArray(attribute) ? attribute[0] : attribute?.split('.')[0];
}
