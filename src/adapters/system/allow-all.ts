import type { Authorizer } from '../../ports/authorizer.ts';

/** Everyone may do everything: as long as clients are not authenticated, and listen on loopback by default. */
export class AllowAll implements Authorizer {
  demand(): void {}

  permits(): boolean {
    return true;
  }
}
