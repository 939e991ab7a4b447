import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { toPlainError } from '../../protocol/errors';
import { type MemberLink, Word } from './mailbox';
import { runTask } from './tasks';

/** A thread of a {@link Team}: does one task after the other until it is ended. */
const { port, words } = workerData as MemberLink;
Atomics.store(words, Word.ready, 1);
Atomics.notify(words, Word.answers);

for (let done = 0; ; ) {
  Atomics.wait(words, Word.requests, done);
  for (let received = receiveMessageOnPort(port); received; received = receiveMessageOnPort(port)) {
    done++;
    const { name, input } = received.message;
    try {
      const answer = runTask(name, input);
      port.postMessage({ answer });
    } catch (error) {
      port.postMessage({ error: toPlainError(error, 'worker-crashed') });
    }
    Atomics.add(words, Word.answers, 1);
    Atomics.notify(words, Word.answers);
  }
}
