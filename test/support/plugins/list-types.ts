import { catalogueOf, SIGNAL, workerTypeConfig } from './catalogue-for-test.ts';

/** Loads plugins as the daemon does, by Node itself: `list-types.ts FOLDER PLUGIN…` prints a description or reason for each. */
const [baseDirectory = '', ...plugins] = process.argv.slice(2);
const catalogue = catalogueOf(
  plugins.map((plugin) => workerTypeConfig(plugin, { text: 'x' }, plugin)),
  { baseDirectory },
);
await catalogue.start(SIGNAL);
const told = catalogue.list().map(({ config, description, availability }) => {
  return [config.name, availability.available ? description : availability.reason];
});
console.log(JSON.stringify(Object.fromEntries(told)));
