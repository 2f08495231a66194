import { PUBLISHED_KINDS, Manifest } from '../pack/manifest';

/** What is wrong with an order of publishing: between two packages, somebody could install the one without the other. */
export function orderMistakes(manifests: Manifest[]): string[] {
  const names = manifests.map(({ name }) => name);
  return manifests.flatMap((manifest, at) =>
    PUBLISHED_KINDS.flatMap((kind) => Object.keys(manifest[kind] ?? {}))
      .filter((needed) => names.indexOf(needed) > at)
      .map((needed) => `${manifest.name} needs ${needed}, which would be published after it; publish ${needed} first`),
  );
}
