export * from './address';
export * from './connection';
export * from './deadline';
