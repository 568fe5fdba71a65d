export * from './codes';
export * from './reso-error';
export * from './system-error';
