import { Value, textOf } from '../evaluation/value';

/** Properties as plain JSON: what is known as it is, the rest as one line such as `${Network/Vpc/Resource}`. */
export function plain(value: Value): unknown {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'list':
      return value.items.map(plain);
    case 'mapping':
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry)]));
    default:
      return textOf(value);
  }
}
