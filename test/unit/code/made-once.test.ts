import { testEach } from './reported';

describe('what is made once', () => {
  testEach([
    {
      what: 'by a plugin that is wrapped',
      files: {
        'leases.mjs':
          "import fp from 'fastify-plugin';\nexport default fp(async (fastify) => {\n  const machines = new Map();\n  fastify.decorate('leases', { take: (machine) => { machines.set(machine.fingerprint, { ...machines.get(machine.fingerprint), at: Date.now() }); } });\n});\n",
      },
      names: ['machines'],
      otherwise: [['fp(async (fastify)', 'once(async (job)']],
    },
    {
      what: 'by a plugin that has a name',
      files: {
        'poller.mjs':
          "import fp from 'fastify-plugin';\nasync function poller(fastify) {\n  const broken = [];\n  fastify.addHook('onRequest', async (request) => { if (!request.id) broken.push({ at: Date.now(), url: request.url }); });\n  fastify.decorate('broken', () => broken.length);\n}\nexport default fp(poller);\n",
      },
      names: ['broken'],
      otherwise: [['broken.push(', 'broken.shift();\n    broken.push(']],
    },
    {
      what: 'with the services of the program',
      files: {
        'results.js':
          'module.exports = ({ redis, log }) => {\n  const criticals = [];\n  const handle = async (message) => {\n    if (message.critical) criticals.push({ patient: message.patient, at: Date.now() });\n    await redis.xadd("results", message.body);\n  };\n  return { handle, since: (time) => criticals.filter((one) => one.at > time), count: () => criticals.length };\n};\n',
      },
      names: ['criticals'],
      otherwise: [
        ['({ redis, log })', '({ options, callback })'],
        ['criticals.push', 'criticals.shift();\n    if (message.id) criticals.push'],
      ],
    },
    {
      what: 'for an extension of the editor',
      files: {
        'annotator.ts':
          'export class Annotator {\n  private hovers: Record<string, string> = {};\n  show(sha: string) { return (this.hovers[sha] ??= render(sha)); }\n}\n',
        'extension.ts':
          "import { Annotator } from './annotator';\nexport function activate(context: any) { context.subscriptions.push(new Annotator()); }\n",
      },
      names: ['hovers'],
      otherwise: [['export function activate(context: any)', 'export function forEach(context: any)']],
    },
    {
      what: 'where the container is asked for it at load',
      files: {
        'agent.ts':
          "import { injectable } from 'tsyringe';\n@injectable()\nexport class Agent {\n  private readonly vectors: object[] = [];\n  async answer(text: string) { const vector = await embed(text); this.vectors.push({ text, vector }); return vector; }\n}\n",
        'main.ts':
          "import { container } from 'tsyringe';\nimport { Agent } from './agent';\nconst agent = container.resolve(Agent);\nserver.on('message', (text) => agent.answer(text));\n",
      },
      names: ['vectors'],
      otherwise: [['const agent = container.resolve(Agent);\n', '']],
    },
    {
      what: 'by a function that is a class, however it is written',
      files: {
        'errors.js':
          'function swsErrors() {\n  this.missing = {};\n}\nswsErrors.prototype.count = function (req) { this.missing[req.originalUrl] = (this.missing[req.originalUrl] || 0) + 1; };\nmodule.exports = new swsErrors();\n',
      },
      names: ['missing'],
      otherwise: [['swsErrors.prototype.count = function (req)', 'exports.count = function (req)']],
    },
    {
      what: 'and works by a timer of its own',
      files: {
        'usage.ts':
          'function createUsage(flush: any) {\n  let counters = new Map<string, number>();\n  const monthly: { [tenant: string]: number[] } = {};\n  setInterval(() => {\n    const rows = [...counters];\n    counters = new Map();\n    for (const [tenant, total] of rows) (monthly[tenant] ??= []).push(total);\n  }, 60_000);\n  return { count(tenant: string) { counters.set(tenant, 1); }, month: (tenant: string) => (monthly[tenant] ?? []).slice(-31) };\n}\nexport const usage = createUsage(console.log);\n',
      },
      names: ['monthly'],
      otherwise: [['setInterval(() => {', 'setup(() => {']],
    },
  ]);
});
