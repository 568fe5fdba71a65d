export * from './lock-claims';
export * from './lock-file';
export * from './lock-format';
