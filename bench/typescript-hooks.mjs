import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';

const ROOT = path.resolve(import.meta.dirname, '..');

/** @param {string} file */
function findSource(file) {
  return [`${file}.ts`, file].find((candidate) => fs.existsSync(candidate) && fs.statSync(candidate).isFile());
}

/**
 * Finds `@/lib/…` and `./…` without an extension, as tsconfig.json has them.
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, next) {
  const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : undefined;
  const isRelative = specifier.startsWith('.') && parent?.endsWith('.ts');
  const file = specifier.startsWith('@/')
    ? path.join(ROOT, specifier.slice(2))
    : isRelative && path.resolve(path.dirname(/** @type {string} */ (parent)), specifier);
  const source = file && findSource(file);
  return source ? { url: pathToFileURL(source).href, shortCircuit: true } : next(specifier, context);
}

/**
 * Removes the types.
 * @type {import('node:module').LoadHook}
 */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transform(fs.readFileSync(fileURLToPath(url), 'utf8'), {
    filename: fileURLToPath(url),
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
