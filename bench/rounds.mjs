import { measure } from './load.mjs';

/**
 * Machines are noisy, and what else runs on them comes and goes. So what is compared takes turns in short slots, and a ratio is the
 * median of the rounds' ratios, each of slots that lay side by side.
 *
 * @typedef {Pick<import('./load.mjs').Client, 'target' | 'takeLatencies'>} Client
 * @typedef {import('./load.mjs').Sample} Sample
 *
 * @typedef {object} Lane
 * @property {string} name
 * @property {readonly Client[]} clients all of one process
 * @property {(round: number) => Promise<unknown> | unknown} [prepare] makes what the slot needs; not measured
 * @property {(round: number) => Promise<unknown>} work
 *
 * @typedef {object} Stats
 * @property {number} requests
 * @property {number} requestsPerSecond median of the rounds
 * @property {number} p50Ms
 * @property {number} p95Ms
 * @property {number} p99Ms
 * @property {number} cpuMsPerRequest
 */

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/** @param {readonly number[]} values @param {number} share from 0 to 1 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** @param {Sample} sample */
function rateOf({ requests, elapsedMs }) {
  return (requests / elapsedMs) * 1000;
}

/** @param {readonly Sample[]} samples */
function sum(samples) {
  return (/** @type {'requests' | 'cpuMs'} */ key) => samples.reduce((total, sample) => total + sample[key], 0);
}

/** The slots of each lane, round by round. */
export class Comparison {
  /** @param {ReadonlyMap<string, readonly Sample[]>} samples */
  constructor(samples) {
    this.samples = samples;
  }

  /** @param {string} lane @returns {readonly Sample[]} */
  #of(lane) {
    return this.samples.get(lane) ?? [];
  }

  /** @param {string} lane @returns {Stats} */
  stats(lane) {
    const samples = this.#of(lane);
    const latenciesMs = samples.flatMap((sample) => sample.latenciesMs);
    const total = sum(samples);
    return {
      requests: total('requests'),
      requestsPerSecond: median(samples.map(rateOf)),
      p50Ms: quantile(latenciesMs, 0.5),
      p95Ms: quantile(latenciesMs, 0.95),
      p99Ms: quantile(latenciesMs, 0.99),
      cpuMsPerRequest: total('cpuMs') / total('requests'),
    };
  }

  /**
   * How many times as many requests a second `lane` answers as `other`. With one request at a time this is also how many times as long
   * one of `other` takes.
   * @param {string} lane @param {string} other
   */
  ratio(lane, other) {
    const others = this.#of(other);
    return median(
      this.#of(lane).map((sample, round) => rateOf(sample) / rateOf(/** @type {Sample} */ (others[round]))),
    );
  }
}

/**
 * Lets the lanes take turns: one round to warm up, which does not count, then `rounds` that do. Every other round goes backwards.
 * @param {number} rounds @param {readonly Lane[]} lanes
 */
export async function compare(rounds, lanes) {
  /** @type {Map<string, Sample[]>} */
  const samples = new Map(lanes.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const lane of round % 2 === 0 ? lanes : lanes.toReversed()) {
      await lane.prepare?.(round);
      const sample = await measure(lane.clients, () => lane.work(round));
      if (round > 0) samples.get(lane.name)?.push(sample);
    }
  }
  return new Comparison(samples);
}
