import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

/** A service and who answers it. */
export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}
