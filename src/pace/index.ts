export * from './gate';
export * from './pace';
export * from './sorter';
