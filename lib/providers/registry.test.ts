import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROVIDER_IDS, PROVIDER_NAMES, wireProviderOf } from './provider';
import { endpointFor, listProviders, mainEndpointValue, mainTokenValue, providerOf } from './registry';

const EARLIEST_CHECK = '2026-01-01';

describe.each(PROVIDER_IDS)('%s', (id) => {
  const provider = providerOf(id);
  const { guide } = provider;
  const values = guide.steps.flatMap((step) => step.values ?? []);

  test('has the id, the name and the wire name that the contract fixes', () => {
    expect(provider).toMatchObject({ id, name: PROVIDER_NAMES[id], wireName: wireProviderOf(id) });
  });

  test('has a guide with a date, who may follow it, how long it takes and caveats', () => {
    expect(guide.checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(guide.checkedOn >= EARLIEST_CHECK).toBe(true);
    for (const text of [guide.needs, guide.delay, ...guide.caveats]) expect(text.trim()).not.toBe('');
    expect(guide.caveats.length).toBeGreaterThan(0);
  });

  test('has steps with their own ids, each saying what to click', () => {
    expect(new Set(guide.steps.map((step) => step.id)).size).toBe(guide.steps.length);
    for (const step of guide.steps) {
      expect(step.id).toMatch(/^[a-z][a-z-]*$/);
      expect(step.title).not.toBe('');
      expect(step.clicks.length).toBeGreaterThan(0);
      for (const click of step.clicks) expect(click.split('**').length % 2, `paired stars in: ${click}`).toBe(1);
    }
  });

  test('names the values to paste, or says why it cannot be chosen', () => {
    if (provider.mode === 'pull') {
      expect(provider.unavailable).toBeTruthy();
      return;
    }
    expect(provider.unavailable).toBeUndefined();
    expect(values.some((value) => value.kind === 'endpoint')).toBe(true);
    expect(values.filter((value) => value.kind === 'token')).toHaveLength(1);
    expect(guide.steps.some((step) => (step.mappings ?? []).some((row) => row.target === 'userName'))).toBe(true);
    expect(guide.steps.filter((step) => step.stage === 'send').length).toBeGreaterThan(0);
    expect(provider.expectations.map((item) => item.id)).toEqual(['connection', 'user', 'group']);
  });

  test('has a mark that can be drawn', () => {
    if (provider.mark.kind === 'icon') expect(provider.mark.path).toMatch(/^M[\d.]/i);
    else expect(provider.mark).toMatchObject({ letter: expect.stringMatching(/^[A-Z]$/), ink: '#ffffff' });
  });
});

test('the list holds each provider once, in the order of the ids', () => {
  expect(listProviders().map((provider) => provider.id)).toEqual([...PROVIDER_IDS]);
});

test('the icon is the one of the icon package', () => {
  const mark = providerOf('okta').mark;
  const entry = createRequire(import.meta.url).resolve('simple-icons');
  const svg = readFileSync(path.join(path.dirname(entry), 'icons', 'okta.svg'), 'utf8');
  expect(mark.kind === 'icon' && svg.includes(`d="${mark.path}"`)).toBe(true);
});

test('the address for Entra carries the flag that makes it follow the standard', () => {
  expect(endpointFor(mainEndpointValue(providerOf('entra')), 'https://x.example/scim/v2/dir_1')).toBe(
    'https://x.example/scim/v2/dir_1?aadOptscim062020',
  );
});

test('values are named as the provider names them', () => {
  expect(mainEndpointValue(providerOf('okta')).field).toBe('SCIM 2.0 Base Url');
  expect(mainTokenValue(providerOf('jumpcloud')).field).toBe('Token Key');
});

describe('expectations', () => {
  const nothing = { requests: [], userCount: 0, groupCount: 0 };
  const met = (
    seen:
      | typeof nothing
      | { requests: { method: string; resourceType: null; status: number }[]; userCount: number; groupCount: number },
  ) =>
    providerOf('okta')
      .expectations.filter((item) => item.isMet(seen))
      .map((item) => item.id);

  test('none is met before anything happened, nor by a failed request', () => {
    expect(met(nothing)).toEqual([]);
    expect(met({ ...nothing, requests: [{ method: 'GET', resourceType: null, status: 401 }] })).toEqual([]);
  });

  test('each is met by its own sighting', () => {
    expect(met({ ...nothing, requests: [{ method: 'GET', resourceType: null, status: 200 }] })).toEqual(['connection']);
    expect(met({ ...nothing, userCount: 1 })).toEqual(['user']);
    expect(met({ ...nothing, groupCount: 1 })).toEqual(['group']);
  });
});
