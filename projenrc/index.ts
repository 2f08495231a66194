export * from './monorepo';
export * from './construct-package';
export * from './plain-package';
export * from './account-app';
export * from './docs-site';
export * from './versions';
