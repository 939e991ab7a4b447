import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseRequests } from '../../../src/leaks/hunt/requests';
import { httpWorkload } from '../../../src/leaks/hunt/workloads';

describe('leaks: HTTP requests as a person types them', () => {
  it('reads an address, a method before it and a body behind it', () => {
    assert.deepEqual(parseRequests(' http://127.0.0.1:3000/a '), [
      { url: 'http://127.0.0.1:3000/a', method: 'GET' },
    ]);
    const headers = { 'content-type': 'application/json' };
    assert.deepEqual(
      parseRequests('http://h/a post http://h/b {"see": "http://h/c"} DELETE https://h/d?x={n}'),
      [
        { url: 'http://h/a', method: 'GET' },
        { url: 'http://h/b', method: 'POST', body: '{"see": "http://h/c"}', headers },
        { url: 'https://h/d?x={n}', method: 'DELETE' },
      ],
    );
  });

  it('says which piece is none', () => {
    assert.throws(() => parseRequests(''), /no address/);
    assert.throws(() => parseRequests('127.0.0.1:3000'), /127\.0\.0\.1:3000 is no HTTP request/);
    assert.throws(() => parseRequests('GET http://'), /no HTTP request/);
  });
});

describe('leaks: HTTP work', () => {
  let server: Server;
  let url: string;
  const seen: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        seen.push(`${request.method} ${request.url} ${body}`);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  beforeEach(() => seen.splice(0));

  it('sends as many as are asked for, in turn', async () => {
    const { failed } = await httpWorkload(parseRequests(`${url}/a POST ${url}/b x=1`)).run(4);
    assert.equal(failed, 0);
    assert.deepEqual(seen, ['GET /a ', 'POST /b x=1', 'GET /a ', 'POST /b x=1']);
  });

  it('never sends a numbered one twice, in one hunt or the next', async () => {
    const requests = parseRequests(`${url}/p?ref={n} PUT ${url}/q {"id":{n}}`);
    await httpWorkload(requests, { connections: 3 }).run(20);
    await httpWorkload(requests).run(20);
    assert.equal(seen.length, 40);
    assert.equal(new Set(seen).size, 40);
    assert.ok(seen.every((line) => /^GET \/p\?ref=\d+ $|^PUT \/q \{"id":\d+\}$/.test(line)));
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
