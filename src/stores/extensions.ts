export { hasImageExtension } from '../names';
