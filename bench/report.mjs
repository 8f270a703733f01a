import os from 'node:os';

/** The table and the goals as they are printed. @typedef {import('./scenarios.mjs').Row} Row */

const COLUMNS = ['req/s', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU ms', 'ceiling req/s', 'p50 ms', 'CPU ms', 'ratio'];

/** @returns {string} what this was measured on */
export function describeMachine() {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  const load = os.loadavg().map((value) => value.toFixed(1));
  return `${os.cpus().length} × ${cpu?.model ?? 'unknown'}, ${memory} GB, Node ${process.versions.node}, load ${load[0]} before the run`;
}

/** @param {number} value @param {number} digits */
function format(value, digits) {
  return value.toFixed(digits);
}

/** @param {Row} row */
function toCells({ stats, ceiling, ratio }) {
  const own = [
    format(stats.requestsPerSecond, 0),
    format(stats.p50Ms, 1),
    format(stats.p95Ms, 1),
    format(stats.p99Ms, 1),
    format(stats.cpuMsPerRequest, 2),
  ];
  if (!ceiling || ratio === undefined) return [...own, '', '', '', ''];
  return [
    ...own,
    format(ceiling.requestsPerSecond, 0),
    format(ceiling.p50Ms, 1),
    format(ceiling.cpuMsPerRequest, 2),
    format(ratio, 2),
  ];
}

/** @param {import('./bench.mjs').EngineResult} result */
export function formatTable({ engine, rows, peakMb, ceilingPeakMb }) {
  const lines = [[engine, ...COLUMNS], ...rows.map((row) => [row.name, ...toCells(row)])];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const draw = (/** @type {readonly string[]} */ line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [...lines.map(draw), `Peak memory: server ${peakMb} MB, ceiling ${ceilingPeakMb} MB`].join('\n');
}

/** @param {readonly import('./scenarios.mjs').Goal[]} goals */
export function describeGoals(goals) {
  return goals
    .map(({ text, value, kind, bound }) => {
      const isMet = kind === 'at least' ? value >= bound : value <= bound;
      const digits = bound > 100 ? 0 : 2;
      return `${isMet ? 'met    ' : 'NOT MET'}  ${text}: ${value.toFixed(digits)} (goal: ${kind} ${bound})`;
    })
    .join('\n');
}
