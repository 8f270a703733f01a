import { expect, test } from '@playwright/test';
import { newFolder, spawnServer, startServer, waitForExit } from './support/server';

test('a server whose secret was changed does not start, says what to do, and starts again with the right one', async () => {
  test.setTimeout(180_000);
  const settings = {
    GATEHOUSE_DATA_DIR: newFolder(),
    GATEHOUSE_SECRET: 'the first secret, which is long enough to be one',
  };
  expect(await (await startServer(settings)).stop('SIGTERM')).toBe(0);
  const changed = spawnServer({ ...settings, GATEHOUSE_SECRET: 'another secret, which is long enough to be one too' });
  expect(await waitForExit(changed)).not.toBe(0);
  expect(changed.output()).toContain(
    'Gatehouse did not start: GATEHOUSE_SECRET is not the one that this database was set up with.',
  );
  expect(changed.output()).not.toMatch(/\n\s+at /);
  expect(await (await startServer(settings)).stop('SIGTERM')).toBe(0);
});
