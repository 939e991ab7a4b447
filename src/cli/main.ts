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
  .configureHelp({ sortSubcommands: false })
  // Commander ends with 1, which here says that there is a leak.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.clean : exitCodes.failed));

// Whatever ends early, without an answer, has failed.
process.exitCode = exitCodes.failed;

registerHunt(program);
registerSnapshotCommands(program);
registerLint(program);

// A command that has something to tell says so by its own exit code.
const clean = () => {
  if (process.exitCode === exitCodes.failed) process.exitCode = exitCodes.clean;
};
program.parseAsync().then(clean, (error: unknown) => {
  printError(error);
  process.exitCode = exitCodes.failed;
});
