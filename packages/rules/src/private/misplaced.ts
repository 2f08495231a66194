import type { IConstruct } from 'constructs';
import { Finding, Severity } from '../finding';
import { PLUGIN_NAME, aboutAcknowledgement } from './acknowledgements';
import { cdk } from './note-settings';

/** Acknowledgements above the stacks: they reach no assembly, so whoever reads one finds what was acknowledged here. */
export function misplacedAcknowledgements(app: IConstruct): Finding[] {
  const { Stack } = cdk();
  return app.node
    .findAll()
    .filter((construct) => !construct.node.scopes.some((above) => Stack.isStack(above)))
    .flatMap((construct) => idsOn(construct).map((ruleId) => misplaced(construct, ruleId)));
}

function idsOn({ node }: IConstruct): string[] {
  return node.metadata
    .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
    .flatMap(({ data }) => Object.keys(data as object))
    .filter((ruleId) => ruleId.startsWith(`${PLUGIN_NAME}::`));
}

function misplaced({ node }: IConstruct, ruleId: string): Finding {
  return aboutAcknowledgement(node.path, 'MisplacedAcknowledgement', Severity.ERROR, {
    message: `"${ruleId}" is acknowledged on ${node.path ? `"${node.path}"` : 'the App'}, above every stack: the assembly does not carry it.`,
    fix: 'Acknowledge it on the construct that the finding names, or on its stack.',
  });
}
