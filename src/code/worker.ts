import { serve } from '../protocol/thread-server';
import type { CodeCalls } from './calls';
import { detect, rewrite } from './detect';

/** The thread behind src/code/client.ts: TypeScript's parser and binder live here, not in the extension host. */
serve<CodeCalls>({
  analyze: (request) => detect(request.file, request.text, request),
  rewrite: (request) =>
    rewrite(request.file, request.text, request.smellId, request.rewriteId, request.settings, request),
});
