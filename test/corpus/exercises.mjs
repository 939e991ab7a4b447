// Works packages whose tests are not published: the same input before and after the fixes has to give the same output.
// Each program uses more different keys than the 500 entries that a fixed cache may hold, and comes back to the first ones.
//   node exercises.mjs NAME FOLDER   prints what the package in the folder answers
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Enough to push the first keys out of a bounded cache. */
const KEYS = 1200;

/** Calls `use` for each key, and again for the first ones, and prints what it gives. */
async function each(use) {
  for (const n of [...Array(KEYS).keys(), 0, 1, 2, KEYS - 1]) console.log(JSON.stringify(await use(n)));
}

const exercises = {
  async autoprefixer(load) {
    const autoprefixer = load('.');
    const postcss = load('postcss');
    await each((n) => {
      const css = `a { user-select: none; x-property-${n}: 1; display: flex }`;
      const plugin = autoprefixer({
        overrideBrowserslist: [`chrome ${20 + (n % 60)}`, `firefox ${10 + (n % 50)}`],
      });
      return postcss([plugin]).process(css, { from: undefined }).css;
    });
  },

  async browserslist(load) {
    const browserslist = load('.');
    await each((n) =>
      browserslist(`chrome >= ${n % 120}, ${n + 1} versions`.replace(/, .*/, `, firefox ${3 + (n % 60)}`)),
    );
    await each((n) => browserslist([`last ${n + 1} chrome versions`]).length);
  },

  async 'css-tree'(load) {
    const { keyword, property } = await load.esm('lib/index.js');
    await each((n) => [keyword(`-webkit-word-${n}`), property(`--Custom-${n}`), property(`*zoom-${n}`)]);
  },

  async eslint(load) {
    const { Linter } = load('.');
    const linter = new Linter();
    await each((n) => {
      const selector = `CallExpression[arguments.length>${n % 7}] > Identifier[name='f${n}']`;
      const rules = { 'no-restricted-syntax': ['error', selector] };
      return linter
        .verify(`f${n}(1, 2, 3); f(${n})`, { rules })
        .map(({ message, column }) => [message, column]);
    });
  },

  async 'fast-memoize'(load) {
    const memoize = load('.');
    const twice = memoize((number) => ({ twice: number * 2 }));
    const sum = memoize((a, b) => a + b);
    await each((n) => [twice(n), sum(n, 1)]);
  },

  async 'hogan.js'(load) {
    const hogan = load('.');
    await each((n) =>
      hogan.compile(`{{#list}}${n}:{{name}} {{/list}}`).render({ list: [{ name: 'a' }, { name: n }] }),
    );
  },

  async 'hosted-git-info'(load) {
    const { fromUrl } = load('.');
    await each((n) => {
      const info = fromUrl(`git@github.com:owner${n}/project.git#v${n}`, { noGitPlus: n % 2 === 0 });
      return [info.https(), info.ssh(), info.tarball(), fromUrl(`nowhere${n}:x`) ?? null];
    });
  },

  async ignore(load) {
    const ignore = load('.');
    await each((n) => {
      const filter = ignore().add([`/build-${n}/**`, `!*.keep${n}`, `a?${n}/[b-d]*`]);
      return [`build-${n}/x/y`, `z.keep${n}`, `ab${n}/c.js`, `src/${n}`].filter(filter.createFilter());
    });
  },

  async luxon(load) {
    const { DateTime, Duration, Info } = await load.esm('src/luxon.js');
    await each((n) => {
      const when = DateTime.fromMillis(n * 86_400_000, {
        zone: `UTC+${n % 12}`,
        locale: ['en', 'de', 'fr'][n % 3],
      });
      const units = Duration.fromObject({ hours: n, minutes: 5 }).toHuman({ maximumFractionDigits: n % 20 });
      return [when.toFormat('yyyy LLLL dd HH:mm ZZ'), units, Info.months('long', { locale: 'it' })[n % 12]];
    });
  },

  async moleculer(load) {
    const { match } = load('./src/utils');
    await each((n) => [match(`user.${n}.created`, `user.${n}.*`), match(`user.${n}.x.y`, `user.*.x.${n}`)]);
  },

  async objection(load) {
    const { RelationExpression } = load('./lib/queryBuilder/RelationExpression');
    const { parseFieldExpression } = load('./lib/utils/parseFieldExpression');
    const { snakeCaseMappers, Model } = load('.');
    const { parse, format } = snakeCaseMappers();
    await each((n) => {
      class Person extends Model {
        static tableName = `person${n}`;
      }
      const columns = [format({ [`firstName${n}`]: 1 }), parse({ [`last_name_${n}`]: 1 })];
      const expression = RelationExpression.create(`[children.[pets${n}, movies], parent]`).toString();
      return [
        expression,
        parseFieldExpression(`table.column${n}:some.field[${n}]`),
        columns,
        Person.tableName,
      ];
    });
  },

  async 'regex-cache'(load) {
    const cached = load('.');
    await each((n) => [
      String(cached((text) => new RegExp(text), `a${n}`)),
      String(cached((text) => new RegExp(text, 'i'), `b${n}`, { n })),
    ]);
  },

  async 'sprintf-js'(load) {
    const { sprintf } = load('.');
    await each((n) => sprintf(`${n}: %2$s %1$05d %3$j`, n, 'text', { n }));
  },

  async stylelint(load) {
    const { default: stylelint } = await load.esm('lib/index.mjs');
    // Each lexer takes long to make: the caches stay below their limit here.
    for (const n of [0, 1, 2, 0]) {
      const config = {
        rules: { [`unknown-rule-${n}`]: true, 'declaration-property-value-no-unknown': true },
        languageOptions: { syntax: { properties: { [`x-property-${n}`]: '<length>' } } },
      };
      const { results } = await stylelint.lint({
        code: `a { x-property-${n}: red; color: nothing }`,
        config,
      });
      console.log(JSON.stringify(results[0].warnings.map(({ text }) => text)));
    }
  },
};

const [, , name, folder] = process.argv;
const load = createRequire(path.join(folder, 'package.json'));
load.esm = (file) => import(pathToFileURL(path.join(folder, file)).href);
process.chdir(os.tmpdir());
await exercises[name](load);
