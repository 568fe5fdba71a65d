export { parseFacts, type Facts } from './facts';
