import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../src/protocol/findings';
import { cacheFolder } from '../host/cache-folder';
import { nodeBinary } from '../host/node-binary';
import { huntIn } from './hunting';
import { innocentPrograms, leakyKinds } from './kinds';
import { innocentPackages, type PackageCase, packageCases } from './package-cases';
import { type ServedLeak, servedInnocents, servedLeaks } from './served';
import { huntServed } from './serving';

/**
 * `npm run test:leaks [part of a name...]`: real packages that leaked, the versions that mended them, and innocent
 * programs, all driven from cold. Prints a table and fails when a bar is missed. LEAKS_NODE=18 runs the programs with
 * that Node instead of 22.
 */
const nodeMajor = Number(process.env.LEAKS_NODE ?? 22);

interface Row {
  readonly case: string;
  readonly verdict: string;
  readonly rank: string;
  readonly holder: string;
  readonly line: string;
  readonly adding: string;
  readonly seconds: string;
  readonly passed: boolean;
}

/** Installs one version of a package into a folder of its own, once. */
function install(name: string, version: string): string {
  const folder = path.join(cacheFolder(), 'leaks', `${name}@${version}`);
  if (!existsSync(path.join(folder, 'node_modules', name))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    execFileSync('npm', ['install', ...options, `${name}@${version}`], { cwd: folder, stdio: 'ignore' });
  }
  return folder;
}

/** What a hunt of one package version said, in terms of the case. */
async function huntPackage(one: PackageCase, version: string, leaks: boolean): Promise<Row> {
  const folder = install(one.package, version);
  const fileName = `operation-${process.pid}.${one.esm ? 'mjs' : 'cjs'}`;
  const startedAt = performance.now();
  const { report, declaredLines } = await huntIn(one.source, await nodeBinary(nodeMajor), {
    folder,
    fileName,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const { verdicts } = report;
  const title = `${one.package}@${version}`;
  if (!leaks) return innocentRow(`${title} (mended)`, verdicts, seconds);
  const rank = verdicts.findIndex(({ name, holder }) => one.name.test(name) || one.name.test(holder));
  const found = verdicts[rank];
  const line = rank !== -1 && one.declared.test(declaredLines[rank]!);
  return {
    case: title,
    verdict: found ? `${found.level} ${found.kind} ${found.name}` : 'missed',
    rank: rank === -1 ? '-' : String(rank + 1),
    holder: yesNo(rank !== -1 && rank < 3),
    line: yesNo(line),
    adding: found?.addedAt ? `${path.basename(found.addedAt.file)}:${found.addedAt.line}` : '-',
    seconds,
    passed: rank === 0 && line && found?.level === 'leak',
  };
}

async function huntKind(one: (typeof leakyKinds)[number]): Promise<Row> {
  const startedAt = performance.now();
  const { report, declaredLines } = await huntIn(one.source, await nodeBinary(nodeMajor));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const rank = report.verdicts.findIndex(({ name }) => one.name.test(name));
  const found = report.verdicts[rank];
  const line = rank !== -1 && declaredLines[rank]!.includes(one.declared);
  return {
    case: one.title,
    verdict: found ? `${found.level} ${found.kind} ${found.name}` : 'missed',
    rank: rank === -1 ? '-' : String(rank + 1),
    holder: yesNo(rank !== -1 && rank < 3),
    line: yesNo(line),
    adding: found?.addedAt ? `${path.basename(found.addedAt.file)}:${found.addedAt.line}` : '-',
    seconds,
    passed: rank === 0 && line && found?.level === 'leak',
  };
}

/** What the line of a source is on which a piece of it stands. */
function lineOf(source: string, piece: string): number {
  return source.slice(0, source.indexOf(piece)).split('\n').length;
}

async function huntServedLeak({ title, source, name, declared, adds }: ServedLeak): Promise<Row> {
  const startedAt = performance.now();
  const { verdicts } = await huntServed(source, await nodeBinary(nodeMajor));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const rank = verdicts.findIndex((verdict) => name.test(verdict.name));
  const found = verdicts[rank];
  const line = found?.location?.line === lineOf(source, declared);
  const added = adds === null || found?.addedAt?.line === lineOf(source, adds);
  return {
    case: `${title} (served)`,
    verdict: found ? `${found.level} ${found.kind} ${found.name}` : 'missed',
    rank: rank === -1 ? '-' : String(rank + 1),
    holder: yesNo(rank !== -1 && rank < 3),
    line: yesNo(line),
    adding: found?.addedAt ? `server.cjs:${found.addedAt.line}` : '-',
    seconds,
    passed: rank === 0 && line && added && found?.level === 'leak',
  };
}

async function huntServedInnocent({ title, source }: (typeof servedInnocents)[number]): Promise<Row> {
  const startedAt = performance.now();
  const { verdicts } = await huntServed(source, await nodeBinary(nodeMajor));
  return innocentRow(`${title} (served)`, verdicts, ((performance.now() - startedAt) / 1000).toFixed(1));
}

async function huntInnocentPackage(one: (typeof innocentPackages)[number]): Promise<Row> {
  const folder = install(one.package, one.leaky);
  const startedAt = performance.now();
  const fileName = `operation-${process.pid}.cjs`;
  const { report } = await huntIn(one.source, await nodeBinary(nodeMajor), { folder, fileName });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return innocentRow(`${one.package}@${one.leaky} (sound)`, report.verdicts, seconds);
}

async function huntInnocent(one: (typeof innocentPrograms)[number]): Promise<Row> {
  const startedAt = performance.now();
  const { report } = await huntIn(one.source, await nodeBinary(nodeMajor));
  return innocentRow(one.title, report.verdicts, ((performance.now() - startedAt) / 1000).toFixed(1));
}

function innocentRow(title: string, verdicts: readonly Finding[], seconds: string): Row {
  const accused = verdicts.filter(({ level }) => level === 'leak');
  const watched = verdicts.length - accused.length;
  const said = accused.length > 0 ? `FALSE leak ${accused.map(({ name }) => name).join(', ')}` : 'innocent';
  return {
    case: title,
    verdict: watched > 0 ? `${said}, ${watched} watched` : said,
    rank: '-',
    holder: '-',
    line: '-',
    adding: '-',
    seconds,
    passed: accused.length === 0,
  };
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'NO';
}

function print(rows: readonly Row[]): void {
  const columns = ['case', 'verdict', 'rank', 'holder', 'line', 'adding', 'seconds'] as const;
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const show = (cells: readonly string[]) =>
    console.log(
      cells
        .map((cell, index) => cell.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    );
  show(columns);
  for (const row of rows) show(columns.map((column) => row[column]));
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const isWanted = (title: string) => wanted.length === 0 || wanted.some((part) => title.includes(part));
  const work: [string, () => Promise<Row>][] = [
    ...packageCases.flatMap((one): [string, () => Promise<Row>][] => [
      [`package ${one.package}@${one.leaky}`, () => huntPackage(one, one.leaky, true)],
      ...(one.fixed === null
        ? []
        : [
            [`package ${one.package}@${one.fixed} mended`, () => huntPackage(one, one.fixed!, false)] as [
              string,
              () => Promise<Row>,
            ],
          ]),
    ]),
    ...innocentPackages.map((one): [string, () => Promise<Row>] => [
      `sound ${one.package}@${one.leaky}`,
      () => huntInnocentPackage(one),
    ]),
    ...leakyKinds.map((one): [string, () => Promise<Row>] => [`kind ${one.title}`, () => huntKind(one)]),
    ...servedLeaks.map((one): [string, () => Promise<Row>] => [
      `served ${one.title}`,
      () => huntServedLeak(one),
    ]),
    ...servedInnocents.map((one): [string, () => Promise<Row>] => [
      `served innocent ${one.title}`,
      () => huntServedInnocent(one),
    ]),
    ...innocentPrograms.map((one): [string, () => Promise<Row>] => [
      `innocent ${one.title}`,
      () => huntInnocent(one),
    ]),
  ];
  const rows: Row[] = [];
  for (const [title, run] of work.filter(([title]) => isWanted(title))) {
    process.stderr.write(`${title}\n`);
    try {
      rows.push(await run());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      rows.push({
        case: title,
        verdict: `ERROR ${message}`,
        rank: '-',
        holder: '-',
        line: '-',
        adding: '-',
        seconds: '-',
        passed: false,
      });
    }
  }
  print(rows);
  const failed = rows.filter(({ passed }) => !passed).length;
  console.log(`\n${rows.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
