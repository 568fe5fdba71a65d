export * from './lock-file';
export * from './lock-format';
