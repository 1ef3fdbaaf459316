export * from './thing.ts';
