export * from './pace';
export * from './sorter';
