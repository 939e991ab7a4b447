import * as path from 'node:path';

/** Options of `node` whose value is the next argument. */
const WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--env-file',
  '-C',
  '--conditions',
  '--title',
  '--inspect-port',
]);

/**
 * What a person calls a Node process: its script, relative to the working directory where it lies below it, with the
 * script's own first arguments. `node -e` and the REPL are called so; a process that has a title, by its title.
 */
export function scriptTitle(argv: readonly string[], workingDirectory: string | null): string {
  // A process that set its title (as npm does) has it as its first argument, and blanks behind it.
  const words = argv.filter((arg) => arg.trim() !== '');
  if (words.length === 1 && words.length < argv.length) return words[0]!;
  const index = scriptIndex(argv);
  if (index === -1)
    return argv.some((arg) => /^(-e|-p|-pe|--eval|--print)$/.test(arg)) ? 'node --eval' : 'node';
  const script = argv[index]!;
  const own = argv.slice(index + 1, index + 3).filter((arg) => arg.length < 40);
  return [shortPath(script, workingDirectory), ...own].join(' ');
}

/** The position of the script in a command line of node, or -1. */
export function scriptIndex(argv: readonly string[]): number {
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!;
    if (/^(-e|-p|-pe|-i|--eval|--print|--interactive)$/.test(arg)) return -1;
    if (arg === '--') return i + 1 < argv.length ? i + 1 : -1;
    if (WITH_VALUE.has(arg)) i++;
    else if (!arg.startsWith('-')) return i;
  }
  return -1;
}

function shortPath(script: string, workingDirectory: string | null): string {
  if (workingDirectory === null || !path.isAbsolute(script)) return script;
  const relative = path.relative(workingDirectory, script);
  return relative.startsWith('..') ? script : relative;
}
