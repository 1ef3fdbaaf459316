import { executable } from '../../plugins/executable/executable.ts';
import { PluginCatalogue } from '../adapters/plugins/plugin-catalogue.ts';
