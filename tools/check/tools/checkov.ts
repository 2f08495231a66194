import { Tool } from '../finding';
import { Interpreter, runPython } from '../python';

/** The part of checkov's JSON that is read here. Where no check concerns any resource there is a bare summary. */
interface CheckovReport {
  readonly results?: {
    readonly failed_checks: readonly Check[];
    readonly skipped_checks: readonly Check[];
    readonly parsing_errors: readonly string[];
  };
  readonly checkov_version?: string;
}

interface Check {
  readonly check_id: string;
  readonly check_name: string;
  readonly check_result: { readonly evaluated_keys?: readonly string[] };
  readonly file_abs_path: string;
  /** `AWS::Logs::LogGroup.LogicalId` */
  readonly resource: string;
}

/** No configuration of a platform, no look at the package index: it reads the templates and asks nobody. */
const OFFLINE = { CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true', BC_SKIP_MAPPING: 'true' };
const FLAGS = ['--skip-download', '--framework', 'cloudformation', '--compact', '--output', 'json'];

/** Checkov's checks of CloudFormation templates, offline. */
export function checkov(python: Interpreter): Tool {
  return {
    title: 'checkov',
    namespace: 'checkov',
    ownProcess: true,
    run: async (subject) => {
      const files = subject.templates.map(({ file }) => file);
      const said = await runPython('checkov', python, ['-m', 'checkov.main', ...FLAGS, '--file', ...files], OFFLINE);
      const { results, checkov_version } = said as CheckovReport;
      if (!results) {
        if (checkov_version === undefined) throw new Error(`checkov answered without results: ${JSON.stringify(said)}`);
        return [];
      }
      if (results.parsing_errors.length > 0)
        throw new Error(`checkov could not read ${results.parsing_errors.join(', ')}`);
      // What a resource's metadata skips counts too: there is one way to acknowledge, and it wants a reason.
      return [...results.failed_checks, ...results.skipped_checks].map((check) => ({
        rule: check.check_id,
        path: subject.pathOf(check.file_abs_path, check.resource.split('.').pop()),
        message: check.check_name,
        fix: looksAt(check.check_result.evaluated_keys),
      }));
    },
  };
}

function looksAt(keys: readonly string[] = []): string | undefined {
  return keys.length > 0 ? `It looks at ${keys.join(', ')}` : undefined;
}
