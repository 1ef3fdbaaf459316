// Original file: proto/third_party/grpc/health/v1/health.proto


export interface HealthListRequest {
}

export interface HealthListRequestOutput {
}
