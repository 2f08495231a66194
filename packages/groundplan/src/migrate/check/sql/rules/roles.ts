import { Held, SqlRules, held } from '../sql-rules';

const IN_THE_APP = 'Take it out, and write database.addUser(name, { grants }) in the app.';

/** Who may do what is said in the app, and the migration task sees to it. */
export const ROLES: SqlRules = {
  CreateRoleStmt: ({ role }) => [held('Roles', `The role ${role} is made.`, IN_THE_APP)],
  AlterRoleStmt: ({ role }) => [held('Roles', `The role ${role?.rolename} is changed.`, IN_THE_APP)],
  AlterRoleSetStmt: ({ role }) => [held('Roles', `The role ${role?.rolename ?? 'ALL'} is changed.`, IN_THE_APP)],
  DropRoleStmt: () => [
    held('Roles', 'A role is dropped.', 'Take it out: users are dropped by a person, who looks what they own.'),
  ],
  GrantRoleStmt: ({ is_grant: grants }) => [
    held('Roles', `A membership is ${grants ? 'granted' : 'revoked'}.`, IN_THE_APP),
  ],
  AlterOwnerStmt: () => [owner()],
  ReassignOwnedStmt: () => [owner()],
  GrantStmt: ({ is_grant: grants }) => [held('Grants', `Rights are ${grants ? 'granted' : 'revoked'}.`, IN_THE_APP)],
  AlterDefaultPrivilegesStmt: () => [held('Grants', 'Rights of future objects are changed.', IN_THE_APP)],
  VariableSetStmt: ({ name, kind }) =>
    name === 'role' || name === 'session_authorization'
      ? [
          held(
            'SetRole',
            `${kind === 'VAR_RESET' || kind === 'VAR_SET_DEFAULT' ? 'RESET' : 'SET'} ${name.toUpperCase().replace('_', ' ')} changes who makes what follows.`,
            'Take it out: migrations run as the owner of the database.',
          ),
        ]
      : [],
};

function owner(): Held {
  return held(
    'Roles',
    'Something gets another owner.',
    'Take it out: what migrations make belongs to the owner of the database.',
  );
}
