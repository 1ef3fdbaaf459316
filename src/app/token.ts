import type { Bind, Container, ServiceIdentifier } from 'inversify';

declare const TYPE: unique symbol;

/** A name in the container that knows the type of what is bound to it. */
export type Token<T> = symbol & { readonly [TYPE]?: T };

export function token<T>(name: string): Token<T> {
  return Symbol(name) as Token<T>;
}

type TokensOf<Dependencies extends readonly unknown[]> = {
  readonly [At in keyof Dependencies]: Token<Dependencies[At]>;
};

/** Binds a factory and the tokens of its arguments, checked against each other; made once, on first use, without I/O. */
export function provide<T, const Dependencies extends readonly unknown[]>(
  bind: Bind,
  what: Token<T>,
  from: TokensOf<Dependencies>,
  factory: (...dependencies: Dependencies) => T,
): void {
  const identifiers = from as unknown as readonly ServiceIdentifier<unknown>[];
  bind<T>(what as ServiceIdentifier<T>).toResolvedValue(factory as never, [...identifiers] as never);
}

type TokensIn<Parts extends object> = { readonly [Name in keyof Parts]: Token<Parts[Name]> };

/** The same for a factory that takes its dependencies as one object, by name. */
export function provideFrom<T, Parts extends object>(
  bind: Bind,
  what: Token<T>,
  from: TokensIn<Parts>,
  factory: (parts: Parts) => T,
): void {
  const names = Object.keys(from);
  const named = (...parts: unknown[]) =>
    factory(Object.fromEntries(names.map((name, at) => [name, parts[at]])) as Parts);
  provide(bind, what, Object.values<Token<unknown>>(from), named);
}

export function resolve<T>(container: Container, what: Token<T>): T {
  return container.get<T>(what as ServiceIdentifier<T>);
}
