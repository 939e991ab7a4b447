import assert from 'node:assert/strict';
import { type HuntWork, onCurrentPort } from '../../../src/features/hunt/hunt-work';

const work = (requests: string): HuntWork => ({ kind: 'http', requests, connections: 1 });

describe('the work of a hunt', () => {
  it('follows the program to the port where it listens now', () => {
    const moved = onCurrentPort(work('http://127.0.0.1:300/a http://localhost:300/b'), [300], [400]);
    assert.deepEqual(moved, work('http://127.0.0.1:400/a http://localhost:400/b'));
  });

  it('leaves other addresses, and what is not clear, as they are', () => {
    const other = work('http://127.0.0.1:3001/a http://example.org:300/b');
    assert.deepEqual(onCurrentPort(other, [300], [400]), other);
    const plain = work('http://127.0.0.1:300/a');
    assert.deepEqual(onCurrentPort(plain, [300], [400, 500]), plain);
    assert.deepEqual(onCurrentPort(plain, [], [400]), plain);
    const command: HuntWork = { kind: 'command', command: 'curl http://127.0.0.1:300', cwd: null };
    assert.deepEqual(onCurrentPort(command, [300], [400]), command);
  });
});
