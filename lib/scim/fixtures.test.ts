import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './attribute';
import { ScimError } from './error';
import { planGroupPatch } from './members';
import { applyPatch, readPatch } from './patch';
import { groupResourceType, userResourceType } from './schema';
import { readResource } from './validate';

interface Fixture {
  readonly about: string;
  readonly kind: 'patch' | 'group-plan' | 'read';
  readonly resourceType?: 'User' | 'Group';
  readonly mode?: 'create' | 'replace';
  readonly given?: JsonObject;
  readonly request?: Json;
  readonly body?: Json;
  readonly expected?: JsonObject;
  readonly plan?: { readonly operations: number; readonly members?: Json };
  readonly members?: Json;
  readonly ignored?: readonly string[];
  readonly passwordPresent?: boolean;
  readonly error?: { readonly status: number; readonly scimType: string };
}

const folder = join(import.meta.dirname, 'fixtures');
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): [string, Fixture] => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Fixture]);

const types = { User: userResourceType(), Group: groupResourceType() };

function run(fixture: Fixture): unknown {
  const resourceType = types[fixture.resourceType ?? 'User'];
  if (fixture.kind === 'read') {
    const result = readResource(fixture.body, resourceType, fixture.mode ?? 'create');
    expect(result.resource).toEqual(fixture.expected);
    if ('members' in fixture) expect(result.members ?? null).toEqual(fixture.members);
    expect(result.ignored).toEqual(fixture.ignored ?? []);
    expect(result.passwordPresent).toBe(fixture.passwordPresent ?? false);
    return result;
  }
  if (fixture.kind === 'group-plan') {
    const { operations, members } = planGroupPatch(readPatch(fixture.request, types.Group).operations);
    expect({ operations: operations.length, members }).toEqual(fixture.plan);
    return members;
  }
  const given = structuredClone(fixture.given ?? {});
  const { operations } = readPatch(fixture.request, resourceType);
  const result = applyPatch(given, operations, resourceType);
  expect(given).toEqual(fixture.given);
  expect(result.resource).toEqual(fixture.expected);
  expect(result.changed).toBe(JSON.stringify(result.resource) !== JSON.stringify(given));
  return result;
}

describe('samples in the shapes of the RFCs and of the providers', () => {
  it.each(fixtures)('%s', (_name, fixture) => {
    if (fixture.error === undefined) {
      run(fixture);
      return;
    }
    let caught: unknown;
    try {
      run(fixture);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ScimError);
    expect(caught).toMatchObject(fixture.error);
  });
});
