export { thing } from './thing.ts';
