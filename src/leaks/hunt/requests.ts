import { HeapwrightError } from '../../protocol/errors';

/** One HTTP request of a workload. */
export interface HttpRequest {
  /** `{n}` in it is replaced by a number that is used only once. */
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `{n}` as in the URL. */
  readonly body?: string;
}

const methods = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS';
/** The blanks before a request, but not those between its method and its address. */
const nextRequest = new RegExp(`(?<!(?:^|\\s)(?:${methods}))\\s+(?=(?:(?:${methods})\\s+)?https?://)`, 'i');
const oneRequest = new RegExp(`^(?:(${methods})\\s+)?(https?://\\S+)(?:\\s+([\\s\\S]+))?$`, 'i');

/**
 * Reads requests as a person types them: addresses, each with a method before and a body behind it if need be, with
 * blanks between: `http://127.0.0.1:3000/a POST http://127.0.0.1:3000/b {"name":"x"}`.
 * @throws `bad-argument` with the piece that is no request.
 */
export function parseRequests(text: string): HttpRequest[] {
  const pieces = text.trim().split(nextRequest);
  return pieces.map((piece) => {
    const [, method, url, body] = oneRequest.exec(piece.trim()) ?? [];
    if (url === undefined || !URL.canParse(url)) throw notARequest(piece);
    return {
      url,
      method: method?.toUpperCase() ?? 'GET',
      ...(body === undefined ? {} : { body, headers: { 'content-type': contentTypeOf(body) } }),
    };
  });
}

function contentTypeOf(body: string): string {
  return /^\s*[[{]/.test(body) ? 'application/json' : 'application/x-www-form-urlencoded';
}

function notARequest(piece: string): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    piece.trim() === '' ? 'There is no address.' : `${piece.trim()} is no HTTP request.`,
    'Type an address such as http://127.0.0.1:3000/work, with a method before it and a body behind it if need be.',
  );
}

/** Where a request wants a number of its own. */
const placeholder = /\{n\}|%7Bn%7D/gi;

/** True when no two sendings of the request are the same. */
export function isNumbered({ url, body }: HttpRequest): boolean {
  return url.search(placeholder) >= 0 || (body?.search(placeholder) ?? -1) >= 0;
}

/** The text with its placeholders replaced. */
export function numbered(text: string, number: number): string {
  return text.replaceAll(placeholder, String(number));
}
