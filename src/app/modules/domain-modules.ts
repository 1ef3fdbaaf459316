import { commandModule } from './command-module.ts';
import { eventModule } from './event-module.ts';
import { simulationModule } from './simulation-module.ts';
import { supervisionModule } from './supervision-module.ts';

/** The whole domain; what it needs of ports and settings is bound elsewhere. */
export const domainModules = [simulationModule, supervisionModule, commandModule, eventModule] as const;
