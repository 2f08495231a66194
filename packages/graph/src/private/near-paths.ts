import type { TemplateResource } from './assembly/template';

/** The resources whose paths look most like a path that nothing has: a letter more, a letter less, another level. */
export function nearTo(path: string, resources: readonly TemplateResource[]): TemplateResource[] {
  const wanted = pairs(path.split('/').pop() as string);
  return resources
    .map((resource) => ({
      resource,
      likeness: Math.max(...resource.path.split('/').map((id) => likeness(wanted, pairs(id)))),
    }))
    .filter((found) => found.likeness >= 0.5)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, 5)
    .map(({ resource }) => resource);
}

/** The pairs of letters in a word, such as `da at ta`. */
function pairs(word: string): string[] {
  const letters = word.toLowerCase();
  return Array.from({ length: letters.length - 1 }, (_, index) => letters.slice(index, index + 2));
}

/** How many pairs two words share, from 0 to 1 (Sørensen–Dice). */
function likeness(a: readonly string[], b: readonly string[]): number {
  const shared = a.filter((pair) => b.includes(pair)).length;
  return a.length + b.length === 0 ? 0 : (2 * shared) / (a.length + b.length);
}
