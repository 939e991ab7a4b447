import * as module from 'node:module';
import * as path from 'node:path';

/**
 * The thread behind src/code/client.ts. The engine with its compiler is a file of its own, so that V8's compiled code of it
 * is kept on disk and the next start takes half the time; Node has that since 22.8, and does without before.
 */
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
require(path.join(__dirname, 'code-engine.js'));
