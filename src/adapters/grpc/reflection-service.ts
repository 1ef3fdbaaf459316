import { type handleBidiStreamingCall, type ServerDuplexStream, status } from '@grpc/grpc-js';
import { DescriptorIndex } from './descriptor-index.ts';
import type { ServerReflectionRequestOutput } from './generated/grpc/reflection/v1/ServerReflectionRequest.ts';
import type { ServerReflectionResponse } from './generated/grpc/reflection/v1/ServerReflectionResponse.ts';
import type { GrpcService } from './grpc-service.ts';
import { loadProtos, readDescriptors } from './proto-loading.ts';

let index: DescriptorIndex | undefined;

/**
 * grpc.reflection v1 and v1alpha over the descriptors that the project ships. Our own, because `@grpc/reflection` 1.0.4
 * serves proto-loader's made-up descriptors, with which `buf curl` fails.
 */
export function reflectionServices(serviceNames: readonly string[]): GrpcService[] {
  const { v1, v1alpha } = loadProtos().tree.grpc.reflection;
  const definitions = [v1.ServerReflection.service, v1alpha.ServerReflection.service];
  const names = [...serviceNames, 'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection'];
  const implementation = { serverReflectionInfo: reflect(names) };
  return definitions.map((definition) => ({
    definition: definition as unknown as GrpcService['definition'],
    implementation,
  }));
}

function reflect(
  names: readonly string[],
): handleBidiStreamingCall<ServerReflectionRequestOutput, ServerReflectionResponse> {
  return (call: ServerDuplexStream<ServerReflectionRequestOutput, ServerReflectionResponse>) => {
    call.on('data', (request: ServerReflectionRequestOutput) => {
      const answer = { validHost: request.host, originalRequest: request, ...answerTo(request, names) };
      if (!call.write(answer)) {
        call.pause();
        call.once('drain', () => call.resume());
      }
    });
    call.on('end', () => call.end());
  };
}

function answerTo(request: ServerReflectionRequestOutput, names: readonly string[]): ServerReflectionResponse {
  index ??= new DescriptorIndex(readDescriptors());
  switch (request.messageRequest) {
    case 'listServices':
      return { listServicesResponse: { service: names.map((name) => ({ name })) } };
    case 'fileByFilename':
      return files(index.byName(request.fileByFilename ?? ''), `file ${request.fileByFilename}`);
    case 'fileContainingSymbol':
      return files(index.bySymbol(request.fileContainingSymbol ?? ''), `symbol ${request.fileContainingSymbol}`);
    default:
      return failure(status.NOT_FOUND, 'there are no extensions: all files are proto3');
  }
}

function files(found: Buffer[] | undefined, what: string): ServerReflectionResponse {
  if (found === undefined) return failure(status.NOT_FOUND, `there is no ${what}`);
  return { fileDescriptorResponse: { fileDescriptorProto: found } };
}

function failure(errorCode: number, errorMessage: string): ServerReflectionResponse {
  return { errorResponse: { errorCode, errorMessage } };
}
