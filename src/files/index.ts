export * from './calls';
export * from './prompt-calls';
