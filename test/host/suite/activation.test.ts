import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

const ID = 'heapwright.heapwright';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(ID);
  assert.ok(found, `${ID} is not installed`);
  return found;
}

// Runs first: the other suites activate the extension.
describe('activation', () => {
  const manifest = () => extension().packageJSON as Manifest;

  it('waits until something of ours is used', () => {
    assert.equal(extension().isActive, false, 'active though nothing asked for it');
    assert.ok(!manifest().activationEvents.includes('*'));
    assert.ok(!manifest().activationEvents.includes('onStartupFinished'));
  });

  it('happens with the first command', async () => {
    await vscode.commands.executeCommand('heapwright.openPanel');
    assert.equal(extension().isActive, true);
  });

  it('registers every command that it contributes, all in one category', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { command, title, category } of manifest().contributes.commands) {
      assert.ok(registered.has(command), `${command} has no implementation`);
      assert.equal(category, 'Heapwright', `${command} stands in category ${category}`);
      assert.match(title, /^[A-Z]/);
    }
  });

  it('contributes every command that it registers', async () => {
    const contributed = new Set(manifest().contributes.commands.map(({ command }) => command));
    // VS Code registers one command per view and walkthrough by itself: those have a dot more.
    const registered = (await vscode.commands.getCommands(true)).filter((id) => /^heapwright\.\w+$/.test(id));
    assert.deepEqual(
      registered.filter((id) => !contributed.has(id)),
      [],
    );
  });

  it('has settings whose values are the contributed defaults', () => {
    const properties = Object.entries(manifest().contributes.configuration.properties);
    assert.ok(properties.length > 0);
    for (const [name, { default: value }] of properties) {
      assert.deepEqual(vscode.workspace.getConfiguration().get(name), value, name);
    }
  });

  it('ships what its manifest and its code name', () => {
    const folder = extension().extensionPath;
    for (const file of [
      'dist/extension.js',
      'dist/snapshot-worker.js',
      'dist/snapshot-member.js',
      'dist/code-worker.js',
      'dist/code-engine.js',
      'dist/module-meter.cjs',
      'dist/module-meter-hooks.mjs',
      'dist/webview/panel.js',
      'dist/webview/profile.js',
      'dist/webview/profile.css',
    ]) {
      assert.ok(fs.existsSync(path.join(folder, file)), `${file} is missing`);
    }
  });
});
