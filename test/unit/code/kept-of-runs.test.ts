import { testEach } from './reported';

const CRAWL = `const seen = new Set();
async function crawl(start) {
  for (const lot of await lotsOf(start)) {
    if (seen.has(lot.lotUrl)) continue;
    seen.add(lot.lotUrl);
    await tell(lot);
  }
}
async function main() {
  for (;;) {
    await Promise.all(HOUSES.map(crawl));
    await sleep(1_200_000);
  }
}
main();
`;

const QUEUE = `export class JobQueue {
  private readonly backlog: { id: string }[] = [];
  private readonly results = new Map<string, number>();
  push(job: { id: string }): void { this.backlog.push(job); this.drain(); }
  result(id: string): number | undefined { return this.results.get(id); }
  private drain(): void {
    const job = this.backlog.shift();
    if (job) this.results.set(job.id, Date.now());
  }
}
export const queue = new JobQueue();
`;

const STATIONS = `const known = new Map();
for (const station of JSON.parse(fs.readFileSync('stations.json', 'utf8'))) known.set(station.code, station);
const find = (code) => (code ? known.get(code) : undefined);
const recent = new Map();
exports.ingest = (req) => {
  const station = find(req.params.code);
  if (!station) return;
  recent.set(station.code, req.body);
};
`;

describe('what comes with each run, and what was there at the start', () => {
  testEach([
    {
      what: 'what a crawl has seen that begins again and again',
      files: { 'index.js': CRAWL },
      names: ['seen'],
      otherwise: [['for (;;)', 'if (HOUSES)']],
    },
    {
      what: 'results of jobs that were next in a queue',
      files: { 'queue.ts': QUEUE },
      names: ['results'],
      otherwise: [['job.id, Date', '"one", Date']],
    },
    {
      what: 'what is kept by a body, and not by what is found in a table filled at load',
      files: { 'readings.js': STATIONS.replace('station.code, req.body', 'req.body.code, req.body') },
      names: ['recent'],
      otherwise: [['recent.set(req.body.code,', 'recent.set(station.code,']],
    },
    {
      what: 'clients of whoever asks, and not those of a file that is read at the start',
      files: {
        'start.js':
          "const fs = require('fs');\nconst text = fs.readFileSync('beds.json');\nconst options = JSON.parse(text.toString());\nconst given = () => options;\nconst own = given();\nconst beds = {};\nexports.start = (req) => {\n  for (const bed of req.body.beds) beds[bed.address] = new Bed(bed);\n};\n",
      },
      names: ['beds'],
      otherwise: [['req.body.beds', 'own.beds']],
    },
    {
      what: 'formats of the languages that browsers accept',
      files: {
        'format.js':
          "const formats = {};\nexports.format = (date, acceptLanguage) => {\n  const wanted = acceptLanguage.split(',')[0];\n  formats[wanted] = formats[wanted] || new Intl.DateTimeFormat(wanted);\n  return formats[wanted].format(date);\n};\n",
      },
      names: ['formats'],
      otherwise: [['acceptLanguage', 'interfaceLanguage']],
    },
    {
      what: 'all that is found, added to all that was found',
      files: {
        'mentions.ts':
          'export class Mentions {\n  private users: Record<string, object> = {};\n  add(found: { users: Record<string, object> }) { this.users = { ...this.users, ...found.users }; }\n  user(id: string) { return this.users[id]; }\n}\nexport const mentions = new Mentions();\n',
      },
      names: ['users'],
      otherwise: [['{ ...this.users, ...found.users }', '{ ...found.users }']],
    },
    {
      what: 'songs of which the last two are read',
      files: {
        'songs.ts':
          'const played: string[] = [];\nexport const last = () => {\n  if (played.length < 2) return null;\n  return played[played.length - 2];\n};\nexport async function poll(req) { played.push(req.body.song); }\n',
      },
      names: ['played'],
      otherwise: [['played.push(', 'if (played.length > 100) return;\n  played.push(']],
    },
    {
      what: 'groups that requests make',
      files: {
        'groups.js':
          "const data = { groups: [] };\nrouter.post('/groups', (req, res) => {\n  const newGroup = { name: req.body.name };\n  if (!Array.isArray(data.groups)) data.groups = [];\n  data.groups.push(newGroup);\n  res.json(newGroup);\n});\n",
      },
      names: ['groups'],
      otherwise: [['  if (!Array.isArray(data.groups))', '  if (data.groups)']],
    },
  ]);
});
