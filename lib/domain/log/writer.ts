/** What waits to be written, and what was lost. */
interface Writer {
  waiting: Record<string, unknown>[];
  timer: NodeJS.Timeout | undefined;
  writing: Promise<void>;
  droppedBodies: number;
  droppedRows: number;
}

const STORE = Symbol.for('gatehouse.exchange-writer');
const store = globalThis as unknown as { [STORE]?: Writer };
/** One writer per process, even where the bundler makes two copies of this module. */
export const writer = (store[STORE] ??= {
  waiting: [],
  timer: undefined,
  writing: Promise.resolve(),
  droppedBodies: 0,
  droppedRows: 0,
});
