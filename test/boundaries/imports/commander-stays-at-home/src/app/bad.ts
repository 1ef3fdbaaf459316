import { Command } from 'commander';

export const bad = Command;
