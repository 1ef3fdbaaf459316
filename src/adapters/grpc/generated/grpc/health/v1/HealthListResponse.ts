// Original file: proto/third_party/grpc/health/v1/health.proto

import type { HealthCheckResponse as _grpc_health_v1_HealthCheckResponse, HealthCheckResponseOutput as _grpc_health_v1_HealthCheckResponseOutput } from '../../../grpc/health/v1/HealthCheckResponse.ts';

export interface HealthListResponse {
  /**
   * statuses contains all the services and their respective status.
   */
  'statuses'?: ({[key: string]: _grpc_health_v1_HealthCheckResponse}) | undefined;
}

export interface HealthListResponseOutput {
  /**
   * statuses contains all the services and their respective status.
   */
  'statuses': ({[key: string]: _grpc_health_v1_HealthCheckResponseOutput});
}
