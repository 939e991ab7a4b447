import type { Protocol } from 'devtools-protocol';
import type { InspectorSession } from './session';

/** Bytes between samples on average: V8's own default, at a cost that a busy server does not feel. */
const SAMPLING_INTERVAL = 32_768;

/**
 * V8's sampling of allocations in a target, from {@link AllocationSampling.start} to `stop`. V8 has but one sampler per
 * connection.
 */
export class AllocationSampling {
  readonly session: InspectorSession;

  private constructor(session: InspectorSession) {
    this.session = session;
  }

  /**
   * @param includesFreed Whether what the garbage collector has freed since still counts: all work instead of what
   *   stayed. Nodes older than 20 know only the latter.
   */
  static async start(session: InspectorSession, includesFreed: boolean): Promise<AllocationSampling> {
    await session.connection.send('HeapProfiler.startSampling', {
      samplingInterval: SAMPLING_INTERVAL,
      includeObjectsCollectedByMajorGC: includesFreed,
      includeObjectsCollectedByMinorGC: includesFreed,
    });
    return new AllocationSampling(session);
  }

  /** What was sampled so far. */
  async read(): Promise<Protocol.HeapProfiler.SamplingHeapProfile> {
    return (await this.session.connection.send('HeapProfiler.getSamplingProfile', undefined)).profile;
  }

  /** Ends it and says all that was sampled. */
  async stop(): Promise<Protocol.HeapProfiler.SamplingHeapProfile> {
    return (await this.session.connection.send('HeapProfiler.stopSampling', undefined)).profile;
  }
}
