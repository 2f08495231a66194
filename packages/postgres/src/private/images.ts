import { Image } from '@groundplan/task';
import { join } from 'path';

/** All images are built from one folder, which holds the authorities of RDS once; of the others each gets nothing. */
const PROGRAMS = ['database-users', 'pgbouncer'] as const;

/** The image of one of our programs. */
export function imageOf(program: (typeof PROGRAMS)[number], assets: string): Image {
  const others = PROGRAMS.filter((name) => name !== program);
  const exclude = others.map((name) => `${name}.*`);
  return Image.fromAsset(join(assets, 'images'), { file: `${program}.Dockerfile`, exclude });
}
