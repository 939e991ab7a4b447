import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { cacheEntry } from './cache-entry';
import { npmInstall } from './npm';

const PACKED_VERSION = '147.0.0';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** A headless Chromium: this machine's own, else one fetched once from npm. The caller closes it. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const { executablePath, env } = installedChromium() ?? (await packedChromium());
  return await chromium.launch({
    executablePath,
    args: [...ARGUMENTS, ...more],
    env: { ...(process.env as Record<string, string>), ...env },
    // The run's owner decides when it ends; see the launchers.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

interface Executable {
  readonly executablePath: string;
  readonly env?: Record<string, string>;
}

/** CHROME_PATH, or a browser on PATH, or one where installers put it. HEAPWRIGHT_PACKED_CHROMIUM=1 passes them by. */
function installedChromium(): Executable | undefined {
  if (process.env.HEAPWRIGHT_PACKED_CHROMIUM === '1') return undefined;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = [
    process.env.CHROME_PATH,
    ...folders.flatMap((folder) => names.map((name) => path.join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
  ];
  const executablePath = candidates.find((file) => file && fs.existsSync(file));
  return executablePath ? { executablePath } : undefined;
}

/** The Chromium that the npm package `@sparticuz/chromium` carries, with its own libraries and fonts (Linux x64). */
async function packedChromium(): Promise<Executable> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found. Install Chrome or Chromium, or name one by CHROME_PATH.');
  }
  const folder = await cacheEntry(`chromium-${PACKED_VERSION}`, unpackChromium);
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(folder, 'lib'),
      FONTCONFIG_FILE: writeFontConfiguration(folder),
    },
  };
}

async function unpackChromium(folder: string): Promise<void> {
  console.log(`Fetching Chromium ${PACKED_VERSION} from npm (once)…`);
  await npmInstall(folder, [`@sparticuz/chromium@${PACKED_VERSION}`]);
  const packed = path.join(folder, 'node_modules/@sparticuz/chromium/bin');
  const unbrotli = (from: string, to: string) =>
    pipeline(
      fs.createReadStream(path.join(packed, from)),
      zlib.createBrotliDecompress(),
      fs.createWriteStream(to),
    );
  await unbrotli('chromium.br', path.join(folder, 'chromium'));
  fs.chmodSync(path.join(folder, 'chromium'), 0o755);
  for (const name of ['al2023', 'fonts', 'swiftshader']) {
    const archive = path.join(folder, `${name}.tar`);
    await unbrotli(`${name}.tar.br`, archive);
    execFileSync('tar', ['-xf', archive, '-C', folder]);
    fs.rmSync(archive);
  }
  fs.rmSync(path.join(folder, 'node_modules'), { recursive: true });
}

/** Without any font Chromium ends at the first key press; fontconfig wants absolute paths, so this follows the folder. */
function writeFontConfiguration(folder: string): string {
  const file = path.join(folder, 'heapwright-fonts.conf');
  const text = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${path.join(folder, 'fonts')}</dir><cachedir>${path.join(folder, 'font-cache')}</cachedir></fontconfig>
`;
  if (!fs.existsSync(file)) fs.writeFileSync(file, text);
  return file;
}
