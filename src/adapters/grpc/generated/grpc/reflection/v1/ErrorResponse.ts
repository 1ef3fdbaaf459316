// Original file: proto/third_party/grpc/reflection/v1/reflection.proto


/**
 * The error code and error message sent by the server when an error occurs.
 */
export interface ErrorResponse {
  /**
   * This field uses the error codes defined in grpc::StatusCode.
   */
  'errorCode'?: (number) | undefined;
  'errorMessage'?: (string) | undefined;
}

/**
 * The error code and error message sent by the server when an error occurs.
 */
export interface ErrorResponseOutput {
  /**
   * This field uses the error codes defined in grpc::StatusCode.
   */
  'errorCode': (number);
  'errorMessage': (string);
}
