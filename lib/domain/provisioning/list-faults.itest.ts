import { afterEach, expect, test, vi } from 'vitest';
import { systemContext } from '@/lib/core/context';
import { openTestDatabase } from '@/lib/db/testing';
import { listDirectoryGroups, listToldUsers } from './queries';

const unhandled = vi.fn<(reason: unknown) => void>();

afterEach(() => process.off('unhandledRejection', unhandled));

test('a list that the database cannot give fails its caller and nothing else: no promise is left over that ends the process', async () => {
  const db = await openTestDatabase();
  const scope = { organizationId: 'org_1', directoryId: 'dir_1' };
  const ctx = systemContext('test');
  process.on('unhandledRejection', unhandled);
  await db.close();
  await expect(listToldUsers(ctx, scope)).rejects.toThrow();
  await expect(listDirectoryGroups(ctx, scope)).rejects.toThrow();
  // Node tells of rejections that nobody handles once the microtasks are done.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).not.toHaveBeenCalled();
});
