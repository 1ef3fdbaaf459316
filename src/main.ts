#!/usr/bin/env node
import 'reflect-metadata';
import { dirname, resolve as resolvePath } from 'node:path';
import { pinoLog } from './adapters/pino/pino-log.ts';
import { createConfigSource, loadConfig } from './adapters/yaml/load-config.ts';
import { Daemon } from './app/daemon.ts';

const loaded = loadConfig({ file: process.argv[3], environment: process.env });
const log = pinoLog(loaded.config.logging);
const daemon = new Daemon(createConfigSource(loaded), dirname(resolvePath(loaded.file)), log);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void daemon.stop().then(() => process.exit(0)));
await daemon.start();
