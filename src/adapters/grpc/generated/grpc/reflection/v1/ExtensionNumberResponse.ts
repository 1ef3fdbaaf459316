// Original file: proto/third_party/grpc/reflection/v1/reflection.proto


/**
 * A list of extension numbers sent by the server answering
 * all_extension_numbers_of_type request.
 */
export interface ExtensionNumberResponse {
  /**
   * Full name of the base type, including the package name. The format
   * is <package>.<type>
   */
  'baseTypeName'?: (string) | undefined;
  'extensionNumber'?: (number)[] | undefined;
}

/**
 * A list of extension numbers sent by the server answering
 * all_extension_numbers_of_type request.
 */
export interface ExtensionNumberResponseOutput {
  /**
   * Full name of the base type, including the package name. The format
   * is <package>.<type>
   */
  'baseTypeName': (string);
  'extensionNumber': (number)[];
}
