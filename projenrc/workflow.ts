import { IResolver, Project, YamlFile } from 'projen';
import { ACTIONS } from './versions';

/** The newest line of Node.js that everything is proved on: trusted publishing needs the npm that comes with it. */
export const NEWEST_NODE = '24';
export const PYTHON = '3.11';

/** A workflow of GitHub, whose actions are pinned by digest and carry their version as a comment. */
export class Workflow extends YamlFile {
  constructor(project: Project, name: string, obj: object) {
    super(project, `.github/workflows/${name}.yml`, { obj: { name, ...obj } });
  }

  protected synthesizeContent(resolver: IResolver): string | undefined {
    return Object.values(ACTIONS).reduce(
      (text, { uses, version }) => text?.replaceAll(`uses: ${uses}\n`, `uses: ${uses} # ${version}\n`),
      super.synthesizeContent(resolver),
    );
  }
}

/** The steps of every job that runs something of ours: the whole history, Node.js and Python. */
export function setUp(node: string = NEWEST_NODE, python: string = PYTHON) {
  return [
    // the whole history, because versions and affected projects are told from it; no token stays in the checkout
    { uses: ACTIONS.checkout.uses, with: { 'fetch-depth': 0, 'persist-credentials': false } },
    { uses: ACTIONS.setupNode.uses, with: { 'node-version': node, 'package-manager-cache': false } },
    { uses: ACTIONS.setupPython.uses, with: { 'python-version': python } },
  ];
}
