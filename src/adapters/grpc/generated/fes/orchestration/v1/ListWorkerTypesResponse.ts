// Original file: proto/fes/orchestration/v1/client_service.proto

import type { WorkerTypeInfo as _fes_orchestration_v1_WorkerTypeInfo, WorkerTypeInfoOutput as _fes_orchestration_v1_WorkerTypeInfoOutput } from '../../../fes/orchestration/v1/WorkerTypeInfo.ts';

/**
 * What can be started here.
 */
export interface ListWorkerTypesResponse {
  /**
   * The worker types of the configuration, in its order.
   */
  'workerTypes'?: (_fes_orchestration_v1_WorkerTypeInfo)[] | undefined;
}

/**
 * What can be started here.
 */
export interface ListWorkerTypesResponseOutput {
  /**
   * The worker types of the configuration, in its order.
   */
  'workerTypes': (_fes_orchestration_v1_WorkerTypeInfoOutput)[];
}
