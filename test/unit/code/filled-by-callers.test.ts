import assert from 'node:assert/strict';
import { refusalsOf } from './limit-refusals';

const FUNCTIONS =
  'const pageCache = new Map();\nexports.put = (url, page) => {\n  pageCache.set(url, page);\n};\nexports.get = (url) => pageCache.get(url);\n';
const CLASS = `export class PageCache {
  private readonly pageCache = new Map<string, string>();
  put(url: string, page: string): void {
    this.pageCache.set(url, page);
  }
  get(url: string): string | undefined {
    return this.pageCache.get(url);
  }
}
`;
const HEAD = "const cache = require('./cache');\nconst http = require('http');\n";
const HEAD_OF_CLASS =
  "import { createServer } from 'node:http';\nimport { PageCache } from './cache';\nconst pages = new PageCache();\n";
const server = (body: string) => `http.createServer(async (req, res) => {\n${body}\n});\n`;

describe('caches that only callers fill', () => {
  const refused: [what: string, files: Record<string, string>][] = [
    [
      'functions, one for who has it and one for who asks',
      {
        'cache.js': FUNCTIONS,
        'server.js':
          HEAD +
          server(
            "if (req.method === 'PUT') {\n  cache.put(req.url, await bodyOf(req));\n  return res.end();\n}\nconst page = cache.get(req.url);\nif (!page) return res.writeHead(404).end('not found');\nres.end(page);",
          ),
      },
    ],
    [
      'a class, whose users do the same',
      {
        'cache.ts': CLASS,
        'server.ts': `${HEAD_OF_CLASS}createServer(async (req, res) => {
  if (req.method === 'PUT') pages.put(req.url!, await bodyOf(req));
  else res.end(pages.get(req.url!) ?? 'nothing here');
});
`,
      },
    ],
    [
      'functions of which nobody is seen to ask',
      { 'cache.js': FUNCTIONS, 'server.js': HEAD + server('cache.put(req.url, await bodyOf(req));') },
    ],
    [
      'what comes with events',
      {
        'cache.js':
          "const messageCache = new Map();\nclient.on('message', (message) => messageCache.set(message.id, message));\nclient.on('removed', (id) => {\n  const message = messageCache.get(id);\n  if (!message) return;\n  archive.keep(message.text);\n});\n",
      },
    ],
    [
      'what is stored where nothing is there yet',
      {
        'cache.js':
          'const pageCache = {};\nexports.put = (url, page) => {\n  if (!(url in pageCache)) pageCache[url] = { page, at: Date.now() };\n};\nexports.get = (url) => {\n  const found = pageCache[url];\n  if (!found) throw new Error(`no page for $' +
          '{url}`);\n  return found.page;\n};\n',
        'server.js':
          HEAD + server('cache.put(req.url, await bodyOf(req));\nres.end(cache.get(req.headers.referer));'),
      },
    ],
  ];
  it('what is listed as a whole: refused', () => {
    const files = {
      'cache.js': `${FUNCTIONS.replace('(url) => pageCache.get(url)', '() => [...pageCache.values()]')}`,
      'server.js': HEAD + server('cache.put(req.url, await bodyOf(req));\nres.end(cache.get().join());'),
    };
    const [bounded, lru] = refusalsOf(files);
    assert.match(bounded ?? 'made', /^It holds what callers put there/);
    assert.match(lru ?? 'made', /^It is iterated/);
  });

  for (const [what, files] of refused)
    it(`${what}: refused`, () => {
      for (const reason of refusalsOf(files))
        assert.match(
          reason ?? 'made',
          /^It holds what callers put there \(line \d\), and nobody who asks for an entry \(line \d\) makes it again/,
        );
    });

  const made: [what: string, files: Record<string, string>][] = [
    [
      'who asks makes it and stores it',
      {
        'cache.js': FUNCTIONS,
        'server.js':
          HEAD +
          server(
            'let page = cache.get(req.url);\nif (page === undefined) {\n  page = await render(req.url);\n  cache.put(req.url, page);\n}\nres.end(page);',
          ),
      },
    ],
    [
      'who asks makes it where it comes behind a return',
      {
        'cache.js': FUNCTIONS,
        'server.js':
          HEAD +
          server(
            'const page = cache.get(req.url);\nif (page) return res.end(page);\nconst made = await render(req.url);\ncache.put(req.url, made);\nres.end(made);',
          ),
      },
    ],
    [
      'who asks a class makes it, through a function of its own',
      {
        'cache.ts': CLASS,
        'server.ts': `${HEAD_OF_CLASS}async function load(url: string): Promise<string> {
  const page = await render(url);
  pages.put(url, page);
  return page;
}
const pageOf = async (url: string) => pages.get(url) ?? (await load(url));
createServer(async (req, res) => res.end(await pageOf(req.url!)));
`,
      },
    ],
    [
      'who asks gets it from elsewhere',
      {
        'cache.js': FUNCTIONS,
        'fill.js':
          "const cache = require('./cache');\nbus.on('page', (url, page) => cache.put(url, page));\n",
        'server.js': HEAD + server('res.end(cache.get(req.url) || (await database.pageOf(req.url)));'),
      },
    ],
    [
      'who asks is called back',
      {
        'cache.js':
          'const pageCache = new Map();\nexports.put = (url, page) => {\n  pageCache.set(url, page);\n};\nexports.get = (url, done) => {\n  if (!pageCache.has(url)) done(new Error("missing"));\n  else done(null, pageCache.get(url));\n};\n',
        'server.js':
          HEAD +
          server(
            'cache.get(req.url, (err, page) => {\n  if (err) render(req.url, (made) => {\n    cache.put(req.url, made);\n    res.end(made);\n  });\n  else res.end(page);\n});',
          ),
      },
    ],
    [
      'who asks waits for it',
      {
        'cache.js': FUNCTIONS.replace('=> pageCache.get(url)', 'async => pageCache.get(url)').replace(
          '(url) async =>',
          'async (url) =>',
        ),
        'server.js':
          HEAD +
          server(
            'cache.get(req.url).then((page) => page || render(req.url).then((made) => {\n  cache.put(req.url, made);\n  return made;\n})).then((page) => res.end(page));',
          ),
      },
    ],
    [
      'who asks lists what is missing',
      {
        'cache.js': `${FUNCTIONS}exports.has = (url) => pageCache.has(url);\n`,
        'server.js':
          HEAD +
          server(
            "const urls = req.url.split(',');\nconst missing = urls.filter((url) => !cache.has(url));\nfor (const page of await renderAll(missing)) cache.put(page.url, page);\nres.end(urls.map((url) => cache.get(url)?.text ?? '').join());",
          ),
      },
    ],
    [
      'what stores it is the answer that is sent',
      {
        'cache.js':
          'const pageCache = new Map();\nexports.cached = (req, res, next) => {\n  const page = pageCache.get(req.url);\n  if (page) return res.send(page);\n  const send = res.send;\n  res.send = (body) => {\n    pageCache.set(req.url, body);\n    send.call(res, body);\n  };\n  next();\n};\n',
      },
    ],
    [
      'the function makes what it stores',
      {
        'cache.js':
          'const pageCache = new Map();\nexports.load = async (url) => {\n  const page = await render(url);\n  pageCache.set(url, page);\n};\nexports.get = (url) => pageCache.get(url);\n',
        'server.js': HEAD + server('await cache.load(req.url);\nres.end(cache.get(req.url));'),
      },
    ],
    [
      'nobody asks for anything',
      {
        'cache.js':
          'const pageCache = new Map();\nexports.put = (url, page) => {\n  pageCache.set(url, page);\n};\n',
        'server.js': HEAD + server('cache.put(req.url, await bodyOf(req));'),
      },
    ],
  ];
  for (const [what, files] of made)
    it(`${what}: made`, () => assert.deepEqual(refusalsOf(files), [null, null]));
});
