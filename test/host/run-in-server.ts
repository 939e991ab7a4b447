import { launchChromium } from './chromium';
import { WorkbenchServer } from './workbench-server';

export interface SuiteRun {
  /** Folder of the extension under test. */
  readonly extension: string;
  /** Module that exports `run()`. */
  readonly tests: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs suites in the extension host of the npm-packed VS Code. Rejects when they fail, or never end. */
export async function runInServer(run: SuiteRun): Promise<void> {
  const server = await WorkbenchServer.start({
    workspace: run.workspace,
    env: run.env,
    development: { extension: run.extension, tests: run.tests },
  });
  try {
    const code = await runInBrowser(server.url, run.timeoutMs ?? 300_000);
    if (code !== 0) throw new Error(`The extension host ended with ${code}`);
  } catch (error) {
    if (process.env.HEAPWRIGHT_HOST_LOG) console.error(server.log);
    throw error;
  } finally {
    await server.end();
  }
}

/** Opens the workbench, which runs the suites, and waits for their exit code. */
async function runInBrowser(url: string, timeoutMs: number): Promise<number> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const ended = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The suites did not end in ${timeoutMs} ms`)),
        timeoutMs,
      );
      const settle = (action: () => void) => {
        clearTimeout(timer);
        action();
      };
      page.on('crash', () => settle(() => reject(new Error('The workbench page crashed'))));
      // Both names are VS Code's: its smoke test driver looks for them when it starts.
      const ready = Promise.all([
        page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
          if (process.env.HEAPWRIGHT_HOST_LOG) console.log(...args);
        }),
        page.exposeFunction('codeAutomationExit', (code: number) => settle(() => resolve(code))),
      ]);
      ready.then(() => page.goto(url)).catch((error: unknown) => settle(() => reject(error)));
    });
    return await ended;
  } finally {
    await browser.close();
  }
}
