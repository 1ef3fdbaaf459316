// Original file: proto/third_party/grpc/reflection/v1/reflection.proto

import type { ServerReflectionRequest as _grpc_reflection_v1_ServerReflectionRequest, ServerReflectionRequestOutput as _grpc_reflection_v1_ServerReflectionRequestOutput } from '../../../grpc/reflection/v1/ServerReflectionRequest.ts';
import type { FileDescriptorResponse as _grpc_reflection_v1_FileDescriptorResponse, FileDescriptorResponseOutput as _grpc_reflection_v1_FileDescriptorResponseOutput } from '../../../grpc/reflection/v1/FileDescriptorResponse.ts';
import type { ExtensionNumberResponse as _grpc_reflection_v1_ExtensionNumberResponse, ExtensionNumberResponseOutput as _grpc_reflection_v1_ExtensionNumberResponseOutput } from '../../../grpc/reflection/v1/ExtensionNumberResponse.ts';
import type { ListServiceResponse as _grpc_reflection_v1_ListServiceResponse, ListServiceResponseOutput as _grpc_reflection_v1_ListServiceResponseOutput } from '../../../grpc/reflection/v1/ListServiceResponse.ts';
import type { ErrorResponse as _grpc_reflection_v1_ErrorResponse, ErrorResponseOutput as _grpc_reflection_v1_ErrorResponseOutput } from '../../../grpc/reflection/v1/ErrorResponse.ts';

/**
 * The message sent by the server to answer ServerReflectionInfo method.
 */
export interface ServerReflectionResponse {
  'validHost'?: (string) | undefined;
  'originalRequest'?: (_grpc_reflection_v1_ServerReflectionRequest | null) | undefined;
  /**
   * This message is used to answer file_by_filename, file_containing_symbol,
   * file_containing_extension requests with transitive dependencies.
   * As the repeated label is not allowed in oneof fields, we use a
   * FileDescriptorResponse message to encapsulate the repeated fields.
   * The reflection service is allowed to avoid sending FileDescriptorProtos
   * that were previously sent in response to earlier requests in the stream.
   */
  'fileDescriptorResponse'?: (_grpc_reflection_v1_FileDescriptorResponse | null) | undefined;
  /**
   * This message is used to answer all_extension_numbers_of_type requests.
   */
  'allExtensionNumbersResponse'?: (_grpc_reflection_v1_ExtensionNumberResponse | null) | undefined;
  /**
   * This message is used to answer list_services requests.
   */
  'listServicesResponse'?: (_grpc_reflection_v1_ListServiceResponse | null) | undefined;
  /**
   * This message is used when an error occurs.
   */
  'errorResponse'?: (_grpc_reflection_v1_ErrorResponse | null) | undefined;
  /**
   * The server sets one of the following fields according to the message_request
   * in the request.
   */
  'messageResponse'?: "fileDescriptorResponse"|"allExtensionNumbersResponse"|"listServicesResponse"|"errorResponse" | undefined;
}

/**
 * The message sent by the server to answer ServerReflectionInfo method.
 */
export interface ServerReflectionResponseOutput {
  'validHost': (string);
  'originalRequest': (_grpc_reflection_v1_ServerReflectionRequestOutput | null);
  /**
   * This message is used to answer file_by_filename, file_containing_symbol,
   * file_containing_extension requests with transitive dependencies.
   * As the repeated label is not allowed in oneof fields, we use a
   * FileDescriptorResponse message to encapsulate the repeated fields.
   * The reflection service is allowed to avoid sending FileDescriptorProtos
   * that were previously sent in response to earlier requests in the stream.
   */
  'fileDescriptorResponse'?: (_grpc_reflection_v1_FileDescriptorResponseOutput | null) | undefined;
  /**
   * This message is used to answer all_extension_numbers_of_type requests.
   */
  'allExtensionNumbersResponse'?: (_grpc_reflection_v1_ExtensionNumberResponseOutput | null) | undefined;
  /**
   * This message is used to answer list_services requests.
   */
  'listServicesResponse'?: (_grpc_reflection_v1_ListServiceResponseOutput | null) | undefined;
  /**
   * This message is used when an error occurs.
   */
  'errorResponse'?: (_grpc_reflection_v1_ErrorResponseOutput | null) | undefined;
  /**
   * The server sets one of the following fields according to the message_request
   * in the request.
   */
  'messageResponse'?: "fileDescriptorResponse"|"allExtensionNumbersResponse"|"listServicesResponse"|"errorResponse" | undefined;
}
