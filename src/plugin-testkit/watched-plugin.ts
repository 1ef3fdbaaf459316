import { isDeepStrictEqual } from 'node:util';
import type { AnyPlugin } from '../adapters/plugins/any-plugin.ts';
import type { LaunchContext, WorkerTypeDescriptor } from '../plugin/plugin.ts';

/** A plugin as it is, and what was seen of its hooks: what they changed of what they were given, and what they said. */
export class WatchedPlugin {
  readonly plugin: AnyPlugin;
  /** What `describe` answered, in order, without the hook. */
  readonly descriptions: unknown[] = [];
  optionsChanged = false;
  contextChanged = false;

  constructor(original: AnyPlugin) {
    const describe: AnyPlugin['describe'] = async (options, context) => {
      const unchanged = watch(options);
      const descriptor = await original.describe(options, context);
      this.optionsChanged ||= !unchanged(options);
      if (typeof descriptor !== 'object' || descriptor === null) return descriptor;
      const { launch: _, ...data } = descriptor;
      this.descriptions.push(data);
      return typeof descriptor.launch === 'function' ? this.#watchLaunch(descriptor) : descriptor;
    };
    this.plugin = replaced(original, 'describe', describe);
  }

  #watchLaunch(original: WorkerTypeDescriptor): WorkerTypeDescriptor {
    const launch = async (context: LaunchContext) => {
      const unchanged = watch(dataOf(context));
      const spec = await original.launch(context);
      this.contextChanged ||= !unchanged(dataOf(context));
      return spec;
    };
    return replaced(original, 'launch', launch);
  }
}

/** A copy with one member of its own; getters, a prototype and a frozen original do not matter. */
function replaced<T extends object, K extends keyof T>(original: T, member: K, value: T[K]): T {
  const members = Object.getOwnPropertyDescriptors(original);
  const replacement = { value, enumerable: true, configurable: true, writable: true };
  return Object.create(Object.getPrototypeOf(original), { ...members, [member]: replacement });
}

function watch(value: unknown): (later: unknown) => boolean {
  const before = structuredClone(value);
  return (later) => isDeepStrictEqual(later, before);
}

/** A signal cannot be copied, and changes by itself. */
function dataOf({ signal: _, ...data }: LaunchContext): unknown {
  return data;
}
