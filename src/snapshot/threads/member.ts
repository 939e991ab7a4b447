import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { toPlainError } from '../../protocol/errors';
import { type MemberData, Word } from './mailbox';
import { runTask } from './tasks';

/** A thread of a {@link Team}: does one task after the other until it is told to end. */
const { port, words } = workerData as MemberData;
Atomics.store(words, Word.ready, 1);
Atomics.notify(words, Word.answers);

for (let done = 0; ; ) {
  Atomics.wait(words, Word.requests, done);
  if (Atomics.load(words, Word.closed) === 1) break;
  for (let received = receiveMessageOnPort(port); received; received = receiveMessageOnPort(port)) {
    done++;
    const { name, input } = received.message;
    try {
      port.postMessage({ answer: runTask(name, input) });
    } catch (error) {
      port.postMessage({ error: toPlainError(error, 'worker-crashed') });
    }
    Atomics.add(words, Word.answers, 1);
    Atomics.notify(words, Word.answers);
  }
}
port.close();
