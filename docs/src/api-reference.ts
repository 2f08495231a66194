import { Api, ApiType, Callable, KINDS, Kind, Value, apiOf } from './api-schema';
import { Member } from './members';
import { Signatures, callableSignatures, valueSignatures } from './signatures';
import { Pages, anchorOf, snakeCase } from './type-names';

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  constructs: 'construct',
  classes: 'class',
  structs: 'struct',
  interfaces: 'interface',
  enums: 'enumeration',
};

/** What every construct inherits from the CDK and nobody looks for here. */
const INHERITED = ['toString', 'with', 'isConstruct', 'node'];

/** The API of a package as Markdown: a heading for each type, with its members in both languages. */
export function apiReference(member: Member, pages: Pages): string {
  const { typescript, python } = apiOf(member);
  const keywords = keywordStructs(typescript);
  return KINDS.flatMap((kind) =>
    typescript[kind].map((type) =>
      typeReference(kind, type, counterpart(python, kind, type), pages, keywords.has(type.id)),
    ),
  ).join('\n\n');
}

function counterpart(python: Api, kind: Kind, { id }: ApiType): ApiType {
  const found = python[kind].find((type) => type.id === id);
  if (!found) throw new Error(`${id} has no counterpart in Python`);
  return found;
}

function typeReference(kind: Kind, type: ApiType, python: ApiType, pages: Pages, isKeywords: boolean): string {
  const callables = (pick: (owner: ApiType) => Callable[] | undefined) =>
    members(pick(type), pick(python)).map(([ours, theirs]) =>
      entry(callableSignatures(type, ours, theirs, pages), [text(ours), ...parameterTexts(ours)]),
    );
  const values = (pick: (owner: ApiType) => Value[] | undefined) =>
    members(pick(type), pick(python)).map(([ours, theirs]) =>
      entry(valueSignatures(ours, theirs, pages), [text(ours), defaultText(ours)]),
    );
  const groups: [string, string[]][] = [
    ['Create', callables(({ initializer }) => initializer && [initializer])],
    ['Choices', values(({ constants }) => constants)],
    ['Static methods', callables(({ staticMethods }) => staticMethods)],
    ['Methods', callables(({ instanceMethods }) => instanceMethods)],
    [kind === 'structs' ? '' : 'Properties', values(({ properties }) => properties)],
    [
      '',
      members(type.members, python.members).map(([ours]) => entry(same(`<b>${ours.displayName}</b>`), [text(ours)])),
    ],
  ];
  return [
    `### ${type.displayName} <Badge type="info" text="${KIND_NAMES[kind]}" /> {#${anchorOf(type.displayName)}}`,
    text(type),
    type.docs?.example ? `\`\`\`ts\n${type.docs.example}\n\`\`\`` : '',
    isKeywords ? `<p class="only-python">In Python these are keyword arguments.</p>` : '',
    ...groups
      .filter(([, entries]) => entries.length > 0)
      .map(
        ([title, entries]) =>
          `${title && `#### ${title} {#${anchorOf(type.displayName)}-${anchorPart(title)}}\n\n`}${list(entries)}`,
      ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function anchorPart(title: string): string {
  return title.toLowerCase().replace(/\W+/g, '-');
}

/** Members of a type with their counterparts. */
function members<T extends { id: string; displayName: string }>(typescript: T[] = [], python: T[] = []): [T, T][] {
  return typescript
    .filter(({ displayName }) => !INHERITED.includes(displayName))
    .map((one) => [one, python.find(({ id }) => id === one.id) ?? one]);
}

function list(entries: string[]): string {
  return `<dl class="api" v-pre>\n${entries.join('\n')}\n</dl>`;
}

/** The empty lines are what lets the text be Markdown. */
function entry({ typescript, python }: Signatures, texts: string[]): string {
  const term =
    typescript === python
      ? `<code>${typescript}</code>`
      : `<code class="only-typescript">${typescript}</code><code class="only-python">${python}</code>`;
  const body = texts.filter(Boolean).join('\n\n');
  return `<dt>${term}</dt>\n<dd>\n\n${body}\n\n</dd>`;
}

function same(signature: string): Signatures {
  return { typescript: signature, python: signature };
}

function text({ docs }: { docs?: { summary?: string; remarks?: string } }): string {
  const remarks = docs?.remarks ?? '';
  // jsii cuts the first sentence off. A list or a block of code begins a paragraph of its own.
  return [docs?.summary, remarks].filter(Boolean).join(/^[-*`#|\d]/.test(remarks) ? '\n\n' : ' ');
}

function parameterTexts({ parameters }: Callable): string[] {
  const described = parameters.filter(({ docs }) => docs?.summary);
  return described.length > 0 ? [described.map((one) => `- ${parameterName(one)}: ${text(one)}`).join('\n')] : [];
}

function parameterName({ displayName }: Value): string {
  const python = snakeCase(displayName);
  if (python === displayName) return `\`${displayName}\``;
  return `<code class="only-typescript">${displayName}</code><code class="only-python">${python}</code>`;
}

/** The structs whose fields Python takes as keyword arguments: those that come last in a call. */
function keywordStructs(api: Api): Set<string> {
  const types = [...api.constructs, ...api.classes, ...api.interfaces];
  const calls = types.flatMap(({ initializer, instanceMethods = [], staticMethods = [] }) => [
    ...(initializer ? [initializer] : []),
    ...instanceMethods,
    ...staticMethods,
  ]);
  return new Set(
    calls
      .flatMap(({ parameters }) => parameters.at(-1)?.type.types ?? [])
      .flatMap((type) => ('id' in type ? type.id : [])),
  );
}

function defaultText(value: Value): string {
  return value.default === undefined ? '' : `*Default:* ${value.default}`;
}
