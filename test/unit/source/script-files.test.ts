import assert from 'node:assert/strict';
import { isInternalScript, scriptBaseUrl, scriptFile } from '../../../src/source/script-files';

describe('source: files behind script URLs', () => {
  it('reads file URLs, plain paths and Windows paths', () => {
    assert.equal(scriptFile('file:///srv/my%20app/a.mjs'), '/srv/my app/a.mjs');
    assert.equal(scriptFile('file:///srv/a.mjs?t=1'), '/srv/a.mjs');
    assert.equal(scriptFile('/srv/a.cjs'), '/srv/a.cjs');
    assert.equal(scriptFile('C:\\app\\a.js'), 'C:\\app\\a.js');
  });

  it('knows what has no file', () => {
    for (const url of ['', 'node:internal/timers', 'evalmachine.<anonymous>', 'webpack-internal:///x']) {
      assert.equal(scriptFile(url), null, url);
    }
  });

  it('tells the code of Node from the code of a user', () => {
    assert.ok(isInternalScript('node:events'));
    assert.ok(isInternalScript(''));
    assert.ok(!isInternalScript('/app/internal/cache.js'));
  });

  it('resolves map references against Windows paths too', () => {
    assert.equal(new URL('a.js.map', scriptBaseUrl('C:\\app\\a.js')!).href, 'file:///C:/app/a.js.map');
  });
});
