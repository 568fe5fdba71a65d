export * from './byte-order';
export * from './edit-distance';
export * from './escape';
export * from './extensions';
export * from './folding';
export * from './glob';
export * from './name';
