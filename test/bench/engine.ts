/** Our engine's client, for test/bench/peer.mjs. */
export { SnapshotEngine } from '../../src/snapshot/client';
