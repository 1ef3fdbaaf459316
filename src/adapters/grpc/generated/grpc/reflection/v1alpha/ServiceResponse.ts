// Original file: proto/third_party/grpc/reflection/v1alpha/reflection.proto


/**
 * The information of a single service used by ListServiceResponse to answer
 * list_services request.
 */
export interface ServiceResponse {
  /**
   * Full name of a registered service, including its package name. The format
   * is <package>.<service>
   */
  'name'?: (string) | undefined;
}

/**
 * The information of a single service used by ListServiceResponse to answer
 * list_services request.
 */
export interface ServiceResponseOutput {
  /**
   * Full name of a registered service, including its package name. The format
   * is <package>.<service>
   */
  'name': (string);
}
