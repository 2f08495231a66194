import { Owner, RDS_ADMIN } from './roles';

export interface AuthenticationOptions extends Owner {
  /** Whether connections without TLS are refused. */
  readonly forceTls: boolean;
  /** Lines that come first. */
  readonly hba: readonly string[];
}

/**
 * `pg_hba.conf`: who may come from where, and how they prove who they are. The first line that fits decides.
 *
 * Members of `rds_iam` come over TLS with a token instead of a password, on RDS. The token is signed for IAM and nobody
 * here could check it: they are let in without one. The master user comes with the password, always: he administers
 * `rds_iam`, which makes him a member.
 */
export function authentication({ user, rds, forceTls, hba }: AuthenticationOptions): string {
  const lines = [
    ...hba,
    // The socket stands in the data folder, which only the user that runs PostgreSQL may enter.
    ...(rds ? [`local all ${RDS_ADMIN} trust`, `host all ${RDS_ADMIN} all reject`] : []),
    'local all all scram-sha-256',
    ...(forceTls ? ['hostnossl all all all reject'] : []),
    ...(rds
      ? [`host all "${user}" all scram-sha-256`, 'hostssl all +rds_iam all trust', 'hostnossl all +rds_iam all reject']
      : []),
    'host all all all scram-sha-256',
  ];
  return lines.join('\n') + '\n';
}
