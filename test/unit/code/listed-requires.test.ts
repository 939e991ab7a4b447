import assert from 'node:assert/strict';
import * as path from 'node:path';
import { detect, rewrite } from '../../../src/code/detect';
import { projectRoot } from '../../host/cache-folder';
import { applied } from './apply-changes';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: 100_000 };
const SETTINGS = { maxEntries: 500, ttlMs: 0 };
const FILE = path.join(projectRoot(), 'src', 'example.cjs');
const HEAVY = "heavy = require('typescript')";

/** `exports.f` uses what is loaded; `fs` and `os` are used at once. */
const fileOf = (list: string) =>
  `${list}\nfs.mark(os);\nexports.f = function (x) {\n  return heavy[x];\n};\n`;

const lazily = (text: string) => {
  const smells = detect(FILE, text, OPTIONS).filter(({ rule }) => rule === 'lazy-import');
  assert.equal(smells.length, 1, 'nothing was flagged');
  return rewrite(FILE, text, smells[0]!.id, 'load-lazily', SETTINGS, OPTIONS);
};

describe('Load lazily out of a list', function () {
  // The first one estimates what a package costs.
  this.timeout(120_000);
  const [fs, os] = ["fs = require('fs')", "os = require('os')"];
  /** The list before, the list after, and comments that go along, above what loads it. */
  const made: [what: string, before: string, after: string, above?: string, behind?: string][] = [
    ['the first in one line', `var ${HEAVY}, ${fs}, ${os};`, `var ${fs}, ${os};`],
    ['the middle one in one line', `var ${fs}, ${HEAVY}, ${os};`, `var ${fs}, ${os};`],
    ['the last in one line', `var ${fs}, ${os}, ${HEAVY};`, `var ${fs}, ${os};`],
    ['the last without a semicolon', `var ${fs}, ${os}, ${HEAVY}`, `var ${fs}, ${os}`],
    ['the first of lines', `var ${HEAVY},\n    ${fs},\n    ${os};`, `var ${fs},\n    ${os};`],
    ['the middle one of lines', `var ${fs},\n    ${HEAVY},\n    ${os};`, `var ${fs},\n    ${os};`],
    ['the last of lines', `var ${fs},\n    ${os},\n    ${HEAVY};`, `var ${fs},\n    ${os};`],
    ['lines below the word', `const\n  ${HEAVY},\n  ${fs},\n  ${os};`, `const\n  ${fs},\n  ${os};`],
    ['tabs and CRLF', `var ${fs},\r\n\t${HEAVY},\r\n\t${os};`, `var ${fs},\r\n\t${os};`],
    ['the first before commas', `var ${HEAVY}\n  , ${fs}\n  , ${os}`, `var ${fs}\n  , ${os}`],
    ['the middle one of commas in front', `var ${fs}\n  , ${HEAVY}\n  , ${os}`, `var ${fs}\n  , ${os}`],
    ['the last of commas in front', `var ${fs}\n  , ${os}\n  , ${HEAVY};`, `var ${fs}\n  , ${os};`],
    ['a semicolon below', `var ${fs}\n  , ${os}\n  , ${HEAVY}\n;`, `var ${fs}\n  , ${os}\n;`],
    ['a wrapped line, its end', `var ${fs}, ${HEAVY},\n    ${os};`, `var ${fs},\n    ${os};`],
    ['a wrapped line, its start', `var ${fs},\n    ${HEAVY}, ${os};`, `var ${fs},\n    ${os};`],
    ['a blank line above', `var ${fs},\n    ${os},\n\n    ${HEAVY};`, `var ${fs},\n    ${os};`],
    [
      'comments behind each',
      `var ${fs}, // files\n    ${HEAVY}, // types\n    ${os}; // the machine`,
      `var ${fs}, // files\n    ${os}; // the machine`,
      '',
      ' // types',
    ],
    [
      'comments behind each, of the last',
      `var ${fs}, // files\n    ${os}, // the machine\n    ${HEAVY}; // types`,
      `var ${fs}, // files\n    ${os}; // the machine`,
      '',
      ' // types',
    ],
    [
      'comments behind each, of the first',
      `var ${HEAVY}, // types\n    ${fs}, // files\n    ${os};`,
      `var ${fs}, // files\n    ${os};`,
      '',
      ' // types',
    ],
    [
      'comments behind each, commas in front',
      `var ${fs} // files\n  , ${os} // the machine\n  , ${HEAVY}; // types`,
      `var ${fs} // files\n  , ${os}; // the machine`,
      '',
      ' // types',
    ],
    [
      'comments above each',
      `var\n  // files\n  ${fs},\n  // types\n  ${HEAVY},\n  // the machine\n  ${os};`,
      `var\n  // files\n  ${fs},\n  // the machine\n  ${os};`,
      '// types\n  ',
    ],
    [
      'a comment above the next one',
      `var ${HEAVY},\n    // files\n    ${fs},\n    ${os};`,
      `var\n    // files\n    ${fs},\n    ${os};`,
    ],
    [
      'a comment above the last',
      `var ${fs},\n    ${os},\n    // types\n    ${HEAVY};`,
      `var ${fs},\n    ${os};`,
      '// types\n  ',
    ],
    [
      'a comment above several',
      `var ${fs},\n    // others\n    ${HEAVY},\n    ${os};`,
      `var ${fs},\n    // others\n    ${os};`,
    ],
    [
      'a comment on the line',
      `var ${fs}, ${os}, ${HEAVY}; // what it needs`,
      `var ${fs}, ${os}; // what it needs`,
    ],
    [
      'comments in front in one line',
      `var /* files */ ${fs}, /* types */ ${HEAVY}, /* machine */ ${os};`,
      `var /* files */ ${fs}, /* machine */ ${os};`,
      '/* types */\n  ',
    ],
    [
      'comments within',
      `var ${fs},\n    heavy = /* types */ require('typescript'),\n    ${os};`,
      `var ${fs},\n    ${os};`,
      '/* types */\n  ',
    ],
    [
      'its type',
      `const ${fs},\n  /** @type {typeof import('typescript')} */\n  ${HEAVY},\n  ${os};`,
      `const ${fs},\n  ${os};`,
      "/** @type {typeof import('typescript')} */\n  ",
    ],
    [
      'a header above the list',
      `// Licence\n'use strict';\n\n// what it needs\nvar ${HEAVY},\n    ${fs},\n    ${os};`,
      `// Licence\n'use strict';\n\n// what it needs\nvar ${fs},\n    ${os};`,
    ],
    ['others that are no requires', `let ${fs}, count = 0, ${HEAVY}, ${os};`, `let ${fs}, count = 0, ${os};`],
  ];
  for (const [what, before, after, above = '', behind = ''] of made)
    it(what, () => {
      const text = fileOf(before);
      const word = /^var\b/m.test(before) ? 'var' : 'const';
      const got = applied(text, lazily(text));
      const [list, function_] = got.split('\nfs.mark(os);\n');
      assert.equal(list, after);
      assert.ok(function_!.includes('return heavy[x]'));
      const load = function_!.slice(function_!.indexOf('{') + 1, function_!.indexOf('return'));
      assert.equal(
        load.trim().replaceAll('\r\n', '\n').replaceAll('\t', '  '),
        `${above}${word} ${HEAVY};${behind}`,
      );
    });

  it('names that are taken out of what is required', () => {
    const text =
      "const fs = require('fs'),\n  { parse, tokTypes: types } = require('@babel/parser'),\n  os = require('os');\nfs.mark(os);\nexports.f = (x) => parse(x, types);\n";
    assert.equal(
      applied(text, lazily(text)),
      "const fs = require('fs'),\n  os = require('os');\nfs.mark(os);\nexports.f = (x) => {\n  const { parse, tokTypes: types } = require('@babel/parser');\n  return parse(x, types);\n};\n",
    );
  });

  it('one after the other, until one is left', () => {
    const text =
      "var parser = require('@babel/parser'),\n    fs = require('fs'),\n    ts = require('typescript');\nfs.mark();\nexports.f = function (x) {\n  return ts[x];\n};\nexports.g = function (x) {\n  return parser.parse(x);\n};\n";
    let after = text;
    for (const id of ['lazy-import:typescript', 'lazy-import:@babel/parser']) {
      assert.ok(detect(FILE, after, OPTIONS).some((smell) => smell.id === id));
      after = applied(after, rewrite(FILE, after, id, 'load-lazily', SETTINGS, OPTIONS));
    }
    assert.ok(after.startsWith("var fs = require('fs');\nfs.mark();\n"), after);
    assert.equal(after.match(/require\(/g)?.length, 3);
  });

  const refused: [what: string, list: string, reason: RegExp][] = [
    [
      'a directive behind it',
      `var ${fs},\n    ${HEAVY}, // eslint-disable-line\n    ${os};`,
      /The comment beside it in its list is a directive/,
    ],
    [
      'a directive above it',
      `var ${fs},\n    // @ts-ignore\n    ${HEAVY},\n    ${os};`,
      /The comment beside it in its list is a directive/,
    ],
    [
      'a directive above the list',
      `// @ts-expect-error\nvar ${HEAVY},\n    ${fs}, ${os};`,
      /The comment above the import is a directive/,
    ],
    [
      'a type above the list',
      `/** @type {typeof import('typescript')} */\nvar ${HEAVY},\n    ${fs}, ${os};`,
      /The comment above the list says of what type/,
    ],
    [
      'commas in two places',
      `var ${fs},\n    ${HEAVY}\n  , ${os};`,
      /In its list commas and comments stand in an order/,
    ],
  ];
  for (const [what, list, reason] of refused)
    it(`refuses ${what}`, () => {
      const result = lazily(fileOf(list));
      assert.match(result.kind === 'refused' ? result.reason : 'made', reason);
    });
});
