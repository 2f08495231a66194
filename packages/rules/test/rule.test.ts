import { Json, dig } from '../src/private/rule';

test.each<[string, Json, string[], Json]>([
  ['what stands at a path', { a: { b: 1 } }, ['a', 'b'], 1],
  ['all that stands there, through lists', { a: [{ b: 1 }, {}, { b: [2, 3] }] }, ['a', 'b'], [1, 2, 3]],
  ['nothing where no entry of a list says it', { a: [{ c: 1 }] }, ['a', 'b'], undefined],
  ['nothing below text', { a: 'text' }, ['a', 'length'], undefined],
  ['nothing below nothing', {}, ['a', 'b'], undefined],
  ['nothing below null', { a: null }, ['a', 'b'], undefined],
])('a rule finds %s', (_, value, path, found) => {
  expect(dig(value, path)).toEqual(found);
});
