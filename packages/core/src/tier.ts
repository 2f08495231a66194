/**
 * How much an environment matters. Every default that differs between environments keys on the tier, never on the
 * environment's name, so that `stage`, `staging` and `prod` may be called what their owners like (C2).
 */
export enum Tier {
  /** One person's playground: cheap, may vanish. */
  SANDBOX = 'sandbox',
  /** Shared development and previews: cheap, the same topology as production. */
  DEVELOPMENT = 'development',
  /** Mirrors production; release validation and restore drills happen here (RU-014). */
  STAGING = 'staging',
  /** Live traffic: hardened, and what is stateful is retained. */
  PRODUCTION = 'production',
}
