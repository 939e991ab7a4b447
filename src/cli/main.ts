import { Command } from 'commander';
import { version } from '../../package.json';
import { registerHunt } from './hunt-command';
import { registerLint } from './lint-command';
import { exitCodes, printError } from './output';
import { registerSnapshotCommands } from './snapshot-commands';

const program = new Command('heapwright')
  .description(
    'Finds what makes the memory of a Node.js program grow, and the line of your source that holds it.',
  )
  .version(version)
  .showHelpAfterError()
  .configureHelp({ sortSubcommands: false });

registerHunt(program);
registerSnapshotCommands(program);
registerLint(program);

program.parseAsync().catch((error: unknown) => {
  printError(error);
  process.exitCode = exitCodes.failed;
});
