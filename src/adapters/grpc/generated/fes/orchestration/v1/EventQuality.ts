// Original file: proto/fes/orchestration/v1/client_service.proto


/**
 * How much of some events a subscriber wants. All of them, where neither field is set.
 */
export interface EventQuality {
  /**
   * The keys that this is for, with wildcards as in SubscribeToEventsRequest; at least one.
   */
  'eventTypeKeys'?: (string)[] | undefined;
  /**
   * The most events per second (hertz) for each key and simulation, thinned to the latest ones; 0: all.
   */
  'maxRateHz'?: (number | string) | undefined;
  /**
   * Whether only the latest event of each key and simulation matters, so that older ones that wait may be skipped.
   */
  'latestOnly'?: (boolean) | undefined;
}

/**
 * How much of some events a subscriber wants. All of them, where neither field is set.
 */
export interface EventQualityOutput {
  /**
   * The keys that this is for, with wildcards as in SubscribeToEventsRequest; at least one.
   */
  'eventTypeKeys': (string)[];
  /**
   * The most events per second (hertz) for each key and simulation, thinned to the latest ones; 0: all.
   */
  'maxRateHz': (number);
  /**
   * Whether only the latest event of each key and simulation matters, so that older ones that wait may be skipped.
   */
  'latestOnly': (boolean);
}
