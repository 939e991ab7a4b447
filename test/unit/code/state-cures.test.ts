import assert from 'node:assert/strict';
import { detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };
const FILE = '/project/src/state.js';

/** Why the first collection of a program gets no limit, with what is advised instead. */
function adviceFor(text: string): string {
  const program = new SourceProgram();
  program.set(FILE, text);
  const [smell] = detectIn(program.parsed(FILE)!, OPTIONS);
  assert.ok(smell, 'nothing was found');
  return smell.rewrites.find(({ refusal }) => refusal !== null)?.refusal ?? '';
}

const ATTEMPTS = `const attempts = new Map();
app.post('/login', (req, res) => {
  const seen = attempts.get(req.ip) ?? 0;
  attempts.set(req.ip, seen + 1);
  res.end();
});
`;

describe('what is advised for state', () => {
  it('sweeps by the time that its entries have', () => {
    const timed = ATTEMPTS.replace('?? 0', '?? { count: 0 }').replace(
      'seen + 1',
      '{ count: seen.count + 1, startedAt: Date.now() }',
    );
    assert.match(
      adviceFor(timed),
      /For instance `setInterval\(\(\) => \{ for \(const \[key, entry\] of attempts\) if \(entry\.startedAt < Date\.now\(\) - windowMs\) attempts\.delete\(key\); \}, windowMs\)\.unref\(\)`\.$/,
    );
  });

  it('says that there has to be a time where there is none', () => {
    assert.match(
      adviceFor(ATTEMPTS),
      /Keep with each entry when it was last changed \(as `at`\), then `setInterval\(.*entry\.at < Date\.now\(\) - windowMs/,
    );
  });

  it('sweeps what ends by the time at which it ends', () => {
    const sessions =
      "const sessions = {};\napp.post('/login', (req, res) => {\n  sessions[req.body.token] = { user: req.body.user, expiresAt: Date.now() + 3_600_000 };\n  res.end();\n});\nexports.of = (token) => sessions[token];\n";
    assert.match(
      adviceFor(sessions),
      /for \(const \[key, entry\] of Object\.entries\(sessions\)\) if \(entry\.expiresAt < Date\.now\(\)\) delete sessions\[key\]; \}, 60_000\)/,
    );
  });

  it('takes an entry that is a time for its time', () => {
    const last = ATTEMPTS.replace(
      'const seen = attempts.get(req.ip) ?? 0;',
      'if (attempts.has(req.ip)) return;',
    ).replace('seen + 1', 'Date.now()');
    assert.match(adviceFor(last), /if \(entry < Date\.now\(\) - windowMs\) attempts\.delete\(key\)/);
  });

  it('sets code that has backticks in two of them', () => {
    const waiting = `const waiting = new Map();
exports.send = ({ body }) => {
  waiting.set(\`\${body.valve}:\${body.id}\`, body);
};
exports.answer = (valve, id) => {
  if (waiting.get(\`\${valve}:\${id}\`)) waiting.delete(id);
};
`;
    assert.match(adviceFor(waiting), /: `` waiting\.delete\(`\$\{valve\}:\$\{id\}`\) ``\.$/);
  });
});
