import { testEach } from './reported';

describe('fields of objects that others have, too', () => {
  const store =
    'function InMemory() {\n  this.store = {};\n}\nInMemory.prototype.save = function (userId, value) {\n  this.store[userId] = value;\n};\nmodule.exports = InMemory;\n';
  const main =
    'const InMemory = require("./memory");\nconst memory = new InMemory();\napp.post("/", (req, res) => memory.save(req.body.userId, req.body));\n';
  testEach([
    {
      what: 'what another database does with its own is not done to this one',
      files: {
        'memory.js': store,
        'main.js': main,
        'mongo.js':
          '// As InMemory, in a database.\nfunction Mongo() {}\nMongo.prototype.connect = function (db) {\n  const self = this;\n  db.open(() => { self.store = db.collection("values"); });\n};\nmodule.exports = Mongo;\n',
      },
      names: ['store'],
      otherwise: [['function Mongo() {}', 'function Mongo() {}\nrequire("util").inherits(Mongo, InMemory);']],
    },
    {
      what: 'nor what one of the same name does',
      files: {
        'memory.js': store,
        'main.js': main,
        'sagas.js':
          'function InMemory() {\n  this.sagas = {};\n}\nInMemory.prototype.clear = function () {\n  this.store = {};\n};\nmodule.exports = InMemory;\n',
      },
      names: ['store'],
      otherwise: [['function InMemory() {\n  this.sagas = {};\n}\n', '']],
    },
    {
      what: 'a class counts on its heirs to have a field',
      files: {
        'client.js':
          'const Friends = require("./friends");\nclass Client extends Friends {\n  constructor() {\n    super();\n    this.users = {};\n  }\n}\nconst client = new Client();\nsocket.on("message", (message) => client.receive(message));\nmodule.exports = { Client };\n',
        'friends.js':
          'class Friends {\n  receive(message) { this.users[message.userId] = message; }\n}\nmodule.exports = Friends;\n',
      },
      names: ['users'],
      otherwise: [['class Client extends Friends', 'class Client extends Base']],
    },
    {
      what: 'fields that a constructor is given with Object.assign',
      files: {
        'session.js':
          'class Session {\n  constructor(settings) {\n    Object.assign(this, { entries: new Map(), key: "session" }, settings);\n  }\n  open(userId) { this.entries.set(userId, {}); }\n}\nconst session = new Session();\nbot.on("message", (ctx) => session.open(ctx.message.from.id));\n',
      },
      names: ['entries'],
      otherwise: [
        [
          'this.entries.set(userId, {}); }',
          'this.entries.set(userId, {}); }\n  end(userId) { this.entries.delete(userId); }',
        ],
      ],
    },
    {
      what: 'what lodash looks for in a list stays there',
      files: {
        'devices.js':
          'const _ = require("lodash");\nconst sessions = {};\nsocket.on("message", (message) => { sessions[message.sessionId] = message; });\nexports.find = (id) => _.find(sessions, { id });\n',
      },
      names: ['sessions'],
      otherwise: [['_.find(sessions, { id })', 'prune(sessions, { id })']],
    },
    {
      what: 'who listens to an event is kept under it',
      files: {
        'emitter.js':
          'class Emitter {\n  constructor() { this._events = {}; }\n  bind(userId, fct) {\n    this._events[userId] = this._events[userId] || [];\n    this._events[userId].push(fct);\n  }\n}\nconst emitter = new Emitter();\nsocket.on("message", (message) => emitter.bind(message.userId, reply));\n',
      },
      names: ['_events'],
      otherwise: [['userId', 'event']],
    },
    {
      what: 'by statuses there are few, whatever the key is called',
      files: {
        'ingest.js':
          'class Ingest {\n  constructor() { this.lastByUser = {}; }\n  take(reading) { this.lastByUser[reading.sender] = reading; }\n}\nconst ingest = new Ingest();\nsetInterval(() => ingest.take(read()), 1000);\n',
      },
      names: ['lastByUser'],
      otherwise: [['lastByUser', 'lastByStatus']],
    },
  ]);
});
