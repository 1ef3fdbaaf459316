// Original file: proto/third_party/grpc/reflection/v1alpha/reflection.proto

import type { ServiceResponse as _grpc_reflection_v1alpha_ServiceResponse, ServiceResponseOutput as _grpc_reflection_v1alpha_ServiceResponseOutput } from '../../../grpc/reflection/v1alpha/ServiceResponse.ts';

/**
 * A list of ServiceResponse sent by the server answering list_services request.
 */
export interface ListServiceResponse {
  /**
   * The information of each service may be expanded in the future, so we use
   * ServiceResponse message to encapsulate it.
   */
  'service'?: (_grpc_reflection_v1alpha_ServiceResponse)[] | undefined;
}

/**
 * A list of ServiceResponse sent by the server answering list_services request.
 */
export interface ListServiceResponseOutput {
  /**
   * The information of each service may be expanded in the future, so we use
   * ServiceResponse message to encapsulate it.
   */
  'service': (_grpc_reflection_v1alpha_ServiceResponseOutput)[];
}
