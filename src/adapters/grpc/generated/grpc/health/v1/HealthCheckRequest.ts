// Original file: proto/third_party/grpc/health/v1/health.proto


export interface HealthCheckRequest {
  'service'?: (string) | undefined;
}

export interface HealthCheckRequestOutput {
  'service': (string);
}
