import { fileURLToPath, pathToFileURL } from 'node:url';

/** A path such as `C:\app\a.js` or `C:/app/a.js`, whatever machine this runs on. */
const windowsPath = /^[A-Za-z]:[\\/]/;

/**
 * The absolute path of a script that lies on disk, from the URL that V8 reports: a `file://` URL, a plain path
 * (CommonJS on old Node), a Windows path. Null for everything without a file: `node:` built-ins, `evalmachine`,
 * WebAssembly, `data:`, scripts without a name.
 */
export function scriptFile(url: string): string | null {
  if (url.startsWith('file://')) {
    try {
      return fileURLToPath(stripQuery(url));
    } catch {
      // A file URL of another system, such as file:///C:/x on Linux: show the path that is in it.
      return decodeURIComponent(stripQuery(url).replace(/^file:\/\/\/?(?=[A-Za-z]:)/, '')).replace(
        /^file:\/\//,
        '',
      );
    }
  }
  return url.startsWith('/') || windowsPath.test(url) ? url : null;
}

/** Node's own code, and code that no file holds: what a user can neither open nor change. */
export function isInternalScript(url: string): boolean {
  return url === '' || /^(node:|internal\/|evalmachine\.|v8\/|wasm:)/.test(url);
}

/** The URL that relative source map references of a script are resolved against; null when it has no file. */
export function scriptBaseUrl(url: string): string | null {
  if (/^https?:/.test(url)) return url;
  const file = scriptFile(url);
  if (file === null) return null;
  return windowsPath.test(file)
    ? `file:///${encodeURI(file.replaceAll('\\', '/'))}`
    : pathToFileURL(file).href;
}

/** ESM loaders append `?v=1` to reload a module; the file has no such part. */
function stripQuery(url: string): string {
  return url.replace(/[?#].*$/, '');
}
