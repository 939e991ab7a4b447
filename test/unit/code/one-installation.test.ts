import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

const LAST = `const last = new Map();
mqtt.on('message', (topic, payload) => last.set(topic, payload));
app.get('/last', (req, res) => res.json(last.get(req.query.topic)));
`;
const SPOKEN = `const spoken = new Map();
app.get('/say', (req, res) => {
  if (!spoken.has(req.query.text)) spoken.set(req.query.text, speak(req.query.text));
  res.json(spoken.get(req.query.text));
});
`;
const LAG = `export class Lag {
  private readonly byTopic: Record<string, number> = {};
  observe(topic: string, ms: number): void { this.byTopic[topic] = ms; }
  get(topic: string): number | undefined { return this.byTopic[topic]; }
}
const lag = new Lag();
consumer.on('message', (message) => lag.observe(message.topic, Date.now() - message.timestamp));
`;

/** What package.json says of a program tells how many there are of something. */
describe('what one installation has', () => {
  let root = '';
  before(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'one-installation-')));
  });
  after(() => fs.rm(root, { recursive: true }));

  let folders = 0;
  async function namesOf(packageJson: object, name: string, text: string): Promise<string[]> {
    const folder = path.join(root, `${folders++}`);
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, 'package.json'), JSON.stringify(packageJson));
    const program = new SourceProgram();
    program.set(path.join(folder, name), text);
    return detectIn(program.parsed(path.join(folder, name))!, OPTIONS).map(({ identifier }) => identifier);
  }

  it('are the devices of a home', async () => {
    assert.deepEqual(await namesOf({ private: true }, 'index.js', LAST), ['last']);
    const home = { private: true, keywords: ['smarthome', 'mqtt'] };
    assert.deepEqual(await namesOf(home, 'index.js', LAST), []);
    // Of what somebody says there is no end there either.
    assert.deepEqual(await namesOf(home, 'index.js', SPOKEN), ['spoken']);
  });

  it('is what nobody starts from a folder of scripts', async () => {
    const scripts = { start: 'node scripts/index.js' };
    assert.deepEqual(await namesOf({ private: true, scripts }, 'scripts/index.js', LAST), ['last']);
    assert.deepEqual(await namesOf({ private: true }, 'scripts/index.js', LAST), []);
  });

  it('are the topics that a consumer of Kafka has subscribed to', async () => {
    assert.deepEqual(await namesOf({ private: true, dependencies: { mqtt: '5' } }, 'lag.ts', LAG), [
      'byTopic',
    ]);
    assert.deepEqual(await namesOf({ private: true, dependencies: { kafkajs: '2' } }, 'lag.ts', LAG), []);
  });
});
