import fs from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import config from '../../.dependency-cruiser.mjs';

/** Run on its own: `node scripts/parts/layers.mjs`. Prints what breaks a rule of .dependency-cruiser.mjs; exits 1 if anything does. */

const ROOTS = ['app', 'components', 'lib', 'server.mjs', 'instrumentation.ts', 'proxy.ts'];

/**
 * dependency-cruiser asks swc for TypeScript without JSX, whatever the file is called, and cannot use TypeScript 7, which
 * has no programming interface. So swc is told here what a .tsx file is.
 */
const { Compiler } = createRequire(import.meta.url)('@swc/core');
const { parseFileSync } = Compiler.prototype;
Compiler.prototype.parseFileSync = function parseWithJsx(
  /** @type {string} */ file,
  /** @type {import('@swc/core').ParseOptions} */ options,
) {
  return parseFileSync.call(this, file, { ...options, tsx: file.endsWith('x') });
};

const roots = ROOTS.filter((root) => fs.existsSync(root));
const { output, exitCode } = await cruise(
  roots,
  /** @type {import('dependency-cruiser').ICruiseOptions} */ ({
    ...config.options,
    ruleSet: { forbidden: config.forbidden },
    validate: true,
    outputType: 'err',
  }),
);
if (typeof output === 'string') process.stdout.write(output);
process.exitCode = exitCode === 0 ? 0 : 1;
