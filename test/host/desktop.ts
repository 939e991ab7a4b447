import * as os from 'node:os';
import * as path from 'node:path';
import { runTests } from '@vscode/test-electron';
import type { SuiteRun } from './run-in-server';

/**
 * Runs suites in a desktop VS Code: the one that VSCODE_EXECUTABLE names, else a download (VSCODE_VERSION, or the
 * newest). Needs a display; on a Linux server `xvfb-run -a npm run test:host`.
 */
export async function runOnDesktop(run: SuiteRun): Promise<void> {
  const profile = path.join(path.dirname(run.workspace), 'profile');
  await runTests({
    extensionDevelopmentPath: run.extension,
    extensionTestsPath: run.tests,
    extensionTestsEnv: run.env,
    ...(process.env.VSCODE_EXECUTABLE ? { vscodeExecutablePath: process.env.VSCODE_EXECUTABLE } : {}),
    ...(process.env.VSCODE_VERSION ? { version: process.env.VSCODE_VERSION } : {}),
    launchArgs: [
      run.workspace,
      '--disable-extensions',
      '--disable-workspace-trust',
      // The default profile's socket path can be too long for macOS.
      ...['--user-data-dir', process.platform === 'darwin' ? path.join(os.tmpdir(), 'hw-profile') : profile],
    ],
  });
}
