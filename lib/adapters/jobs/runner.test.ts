import { afterEach, expect, test, vi } from 'vitest';
import type { LoopReport } from '@/lib/domain/loop/types';
import { startRunning } from './runner';

const reports: LoopReport[] = [];

vi.mock('@/lib/domain/loop/commands', () => ({
  reportLoops: (_: unknown, made: readonly LoopReport[]) => Promise.resolve(void reports.push(...made)),
}));

afterEach(() => vi.useRealTimers());

test('a run that fails after a report was made while it ran is in the next one', async () => {
  vi.useFakeTimers();
  const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let runs = 0;
  const run = async () => {
    runs += 1;
    if (runs < 2) return;
    // From the fourth second to the sixth; reports are made in the fifth and the tenth.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    throw new Error('No disk.');
  };
  const stop = startRunning([{ name: 'slow', everyMs: 2000, run }]);
  await vi.advanceTimersByTimeAsync(5500);
  expect(reports).toMatchObject([{ name: 'slow', runCount: 1, lastError: null }]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(reports[1]).toMatchObject({ name: 'slow', lastError: 'Error: No disk.' });
  const stopped = stop();
  await vi.advanceTimersByTimeAsync(5000);
  await stopped;
  silent.mockRestore();
});
