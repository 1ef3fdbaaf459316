// Original file: proto/third_party/grpc/reflection/v1/reflection.proto


/**
 * The type name and extension number sent by the client when requesting
 * file_containing_extension.
 */
export interface ExtensionRequest {
  /**
   * Fully-qualified type name. The format should be <package>.<type>
   */
  'containingType'?: (string) | undefined;
  'extensionNumber'?: (number) | undefined;
}

/**
 * The type name and extension number sent by the client when requesting
 * file_containing_extension.
 */
export interface ExtensionRequestOutput {
  /**
   * Fully-qualified type name. The format should be <package>.<type>
   */
  'containingType': (string);
  'extensionNumber': (number);
}
