import type { Protocol } from 'devtools-protocol';
import type { InspectorSession } from '../../inspector/session';
import type { SourcePosition } from '../../protocol/source';
import type { SourceLocator } from '../../source/locator';

/** A function of the program in which things were made that stayed. */
export interface AllocatingFunction {
  readonly name: string;
  /** Where the function begins: V8 samples no lines. */
  readonly position: SourcePosition;
  /** Of all that stayed, by size, 0 to 1. */
  readonly share: number;
}

/** Bytes between samples: the round is so small that nearly every object counts. */
const samplingInterval = 32;

/**
 * Has V8 sample what is allocated while `work` runs, and after a collection says which function of the program made
 * most of what is still there; null when none did.
 */
export async function whoAllocates(
  session: InspectorSession,
  locator: SourceLocator,
  work: () => Promise<void>,
): Promise<AllocatingFunction | null> {
  const { connection } = session;
  await connection.send('HeapProfiler.startSampling', { samplingInterval });
  let profile: Protocol.HeapProfiler.SamplingHeapProfile | null = null;
  try {
    await work();
    await session.collectGarbage();
  } finally {
    if (connection.isOpen) profile = (await connection.send('HeapProfiler.stopSampling', undefined)).profile;
  }
  return profile && (await largestOf(profile, locator));
}

async function largestOf(
  { head }: Protocol.HeapProfiler.SamplingHeapProfile,
  locator: SourceLocator,
): Promise<AllocatingFunction | null> {
  const sizes = new Map<string, { frame: Protocol.Runtime.CallFrame; size: number }>();
  let total = 0;
  const queue: {
    node: Protocol.HeapProfiler.SamplingHeapProfileNode;
    own: Protocol.Runtime.CallFrame | null;
  }[] = [{ node: head, own: null }];
  for (const { node, own } of queue) {
    const { callFrame, selfSize, children } = node;
    const nearest = locator.isUserScript(Number(callFrame.scriptId)) ? callFrame : own;
    for (const child of children) queue.push({ node: child, own: nearest });
    if (!nearest || selfSize === 0) continue;
    total += selfSize;
    const key = `${nearest.scriptId}:${nearest.lineNumber}:${nearest.columnNumber}`;
    const known = sizes.get(key);
    if (known) known.size += selfSize;
    else sizes.set(key, { frame: nearest, size: selfSize });
  }
  const [largest] = [...sizes.values()].sort((a, b) => b.size - a.size);
  if (!largest) return null;
  const { frame, size } = largest;
  const position = await locator.position({
    scriptId: Number(frame.scriptId),
    line: frame.lineNumber,
    column: frame.columnNumber,
  });
  if (!position) return null;
  const { originalName: _, ...plain } = position;
  return { name: frame.functionName || 'an anonymous function', position: plain, share: size / total };
}
