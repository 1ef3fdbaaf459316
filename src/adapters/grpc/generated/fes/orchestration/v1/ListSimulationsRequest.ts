// Original file: proto/fes/orchestration/v1/client_service.proto

import type { SimulationState as _fes_orchestration_v1_SimulationState, SimulationStateOutput as _fes_orchestration_v1_SimulationStateOutput } from '../../../fes/orchestration/v1/SimulationState.ts';

/**
 * Which simulations to list, and which page.
 */
export interface ListSimulationsRequest {
  /**
   * Only those in one of these states; empty: all.
   */
  'states'?: (_fes_orchestration_v1_SimulationState)[] | undefined;
  /**
   * Only those whose labels match; empty: all.
   */
  'labelSelector'?: (string) | undefined;
  /**
   * The most simulations in one page: 0 means 50, at most 1,000.
   */
  'pageSize'?: (number) | undefined;
  /**
   * `next_page_token` of the page before, with the same filters; empty: the first page.
   */
  'pageToken'?: (string) | undefined;
}

/**
 * Which simulations to list, and which page.
 */
export interface ListSimulationsRequestOutput {
  /**
   * Only those in one of these states; empty: all.
   */
  'states': (_fes_orchestration_v1_SimulationStateOutput)[];
  /**
   * Only those whose labels match; empty: all.
   */
  'labelSelector': (string);
  /**
   * The most simulations in one page: 0 means 50, at most 1,000.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before, with the same filters; empty: the first page.
   */
  'pageToken': (string);
}
