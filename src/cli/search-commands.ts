import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openSnapshot, withEngine } from './engine';
import { printJson, printTable } from './output';
import { positiveInteger } from './target';

/** `heapwright search`: objects of a snapshot that meet a query. */
export function registerSearch(program: Command): void {
  program
    .command('search')
    .description(
      'objects of a heap snapshot: "class:Map retained>1MB", "prop:userId", "@1234", a part of a name',
    )
    .argument('<file>', '.heapsnapshot file')
    .argument('<query>', 'words that must all hold')
    .option('--limit <n>', 'objects to print', positiveInteger, 30)
    .option('--json', 'print one JSON object on standard output')
    .action(async (file: string, query: string, options: { limit: number; json?: boolean }) => {
      await withEngine(async (engine) => {
        const snapshot = await openSnapshot(engine, file);
        const { total, rows } = await snapshot.search(query, { limit: options.limit });
        if (options.json) {
          printJson({ schema: 1, total, objects: rows });
          return;
        }
        printTable(
          ['constructor', 'id', 'name', 'self size', 'retained size'],
          rows.map((row) => [
            row.constructorName,
            `@${row.id}`,
            row.name.slice(0, 40),
            row.selfSize,
            row.retainedSize,
          ]),
        );
        process.stdout.write(`${total.toLocaleString('en-US')} found\n`);
      });
    });
}

interface CutOptions {
  readonly output: string;
  readonly paths: number;
  readonly subtree: boolean;
  readonly redact?: boolean;
  readonly json?: boolean;
}

/** `heapwright cut`: a part of a snapshot as a file that can be given away. */
export function registerCut(program: Command): void {
  program
    .command('cut')
    .description(
      'write one object with what it retains as a smaller snapshot, to share a leak but not the heap',
    )
    .argument('<file>', '.heapsnapshot file')
    .argument('<id>', 'the object, as in @1234', objectId)
    .requiredOption('-o, --output <file>', 'file to write')
    .option('--paths <n>', 'ways from the roots to the object that are kept', positiveInteger, 1)
    .option('--no-subtree', 'only the ways to the object, not what it retains')
    .option('--redact', 'replace the contents of strings and numbers and the keys of dictionaries')
    .option('--json', 'print one JSON object on standard output')
    .action(async (file: string, id: number, options: CutOptions) => {
      await withEngine(async (engine) => {
        const snapshot = await openSnapshot(engine, file);
        const output = path.resolve(options.output);
        const { subtree, paths, redact = false } = options;
        const { nodeCount } = await snapshot.cut(id, output, { subtree, paths, redact });
        if (options.json) printJson({ schema: 1, file: output, nodeCount });
        else process.stdout.write(`${output}: ${nodeCount.toLocaleString('en-US')} objects\n`);
      });
    });
}

function objectId(text: string): number {
  const digits = /^@?(\d+)$/.exec(text)?.[1];
  if (digits) return Number(digits);
  throw new InvalidArgumentError('An object id is a number, with or without an @ before it.');
}
