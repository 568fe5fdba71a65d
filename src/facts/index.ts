export { Crashes } from './crashes';
export { parseFacts, type Facts } from './facts';
