export type Bad = import('./thing.ts').Thing;
