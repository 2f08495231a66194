import { everyPack, nagFindings } from '@groundplan/testing';
import { Tool } from '../finding';

/** One tool for each pack of cdk-nag: AWS Solutions, NIST 800-53 R5, PCI DSS 3.2.1, HIPAA, Serverless. */
export function cdkNag(): Tool[] {
  return everyPack().map((pack) => ({
    title: `cdk-nag ${pack.name}`,
    namespace: pack.name,
    run: ({ app }) => {
      const { findings, acknowledged } = nagFindings(app, [pack]);
      return [...findings, ...acknowledged].map(({ rule, path, reason }) => ({ rule, path, message: reason }));
    },
  }));
}
