import * as fs from 'node:fs/promises';
import { SnapshotEngine } from '../../src/snapshot/client';
import { makeSnapshots } from '../unit/snapshot/make-snapshot';

const PROGRAM = `
class User { constructor(i) { this.id = i; this.name = ['user', i].join('-'); this.friend = null; } }
const held = globalThis.held = { users: new Map(), set: new Set(), weak: new WeakMap(), list: [], closures: [], bus: new (require('node:events'))() };
for (let i = 0; i < 25; i++) {
  const user = new User(i);
  held.users.set('k' + i, user); held.set.add(user.name); held.weak.set(user, { of: i + ' ü' }); held.list.push({ user, text: 'a' + i });
  held.closures.push(() => user); held.bus.on('x', () => held.list);
}
held.joined = held.list.map(({ text }) => text).join('') + ('right side' + held.list.length);
snapshot('a');
`;

/**
 * Small snapshots to damage: a part of a real one, as a line per row, as one line, with spaces and in another order,
 * and with what a .heaptimeline has.
 */
export async function baseFiles(workerFile: string): Promise<Buffer[]> {
  const folder = await makeSnapshots(PROGRAM);
  const engine = new SnapshotEngine(workerFile);
  try {
    const snapshot = await engine.open(folder.file('a'));
    const { rows } = await snapshot.search('prop:users prop:closures', { limit: 1 });
    await snapshot.cut(rows[0]!.id, folder.file('part'));
    const lines = await fs.readFile(folder.file('part'), 'utf8');
    const { snapshot: header, strings, ...sections } = JSON.parse(lines);
    const trace = [0, 0, 1, 24, [1, 0, 2, 48, []]];
    return [
      lines,
      lines.replaceAll('\n,', ','),
      JSON.stringify({ strings, snapshot: header, ...sections }, null, 1),
      JSON.stringify({
        snapshot: header,
        ...sections,
        trace_tree: trace,
        samples: [100, 7, 200, 9],
        strings,
      }),
    ].map((text) => Buffer.from(text));
  } finally {
    await engine.dispose();
    await folder.dispose();
  }
}
