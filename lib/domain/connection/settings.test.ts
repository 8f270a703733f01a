import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/core/error';
import { mergeOidc, mergeSaml, statusOf } from './settings';

/** Valid from 2026 to 2126. */
const CERTIFICATE = readFileSync(new URL('../../core/front-door/fixtures/localhost.cert.pem', import.meta.url), 'utf8');
const NOW = new Date('2027-01-01T00:00:00Z');
const TOO_LATE = new Date('2127-01-01T00:00:00Z');

function refusalOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return (error.fieldViolations ?? []).map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('settings of a connection', () => {
  test('change only in what is given, and an empty text clears', () => {
    const current = { issuer: 'https://idp.test', clientId: 'a', pkceEnabled: true };
    expect(mergeOidc(current, { clientId: '', pkceEnabled: false })).toEqual({
      issuer: 'https://idp.test',
      pkceEnabled: false,
    });
  });

  test('never hold the client secret', () => {
    expect(mergeOidc({}, { clientId: 'a', clientSecret: 'b' })).toEqual({ clientId: 'a' });
  });

  test('are refused with every field that is wrong', () => {
    const bad = { idpSsoUrl: 'http://idp.test', idpEntityId: 'a\nb', certificate: 'no' };
    expect(refusalOf(() => mergeSaml({}, bad, NOW))).toEqual([
      'connection.saml_config.idp_sso_url',
      'connection.saml_config.idp_entity_id',
      'connection.saml_config.idp_certificate',
    ]);
  });

  test('take no certificate that is over, but keep one that was there before', () => {
    const saved = mergeSaml({}, { certificate: CERTIFICATE }, NOW);
    expect(saved.idpCertificates?.[0]).toMatchObject({ addedAt: NOW.toISOString() });
    expect(refusalOf(() => mergeSaml({}, { certificate: CERTIFICATE }, TOO_LATE))).toHaveLength(1);
    expect(mergeSaml(saved, { certificate: CERTIFICATE }, TOO_LATE)).toEqual(saved);
  });

  test('hold each certificate once, at most five, and none when they are cleared', () => {
    const twice = mergeSaml({}, { certificate: CERTIFICATE + CERTIFICATE }, NOW);
    expect(twice.idpCertificates).toHaveLength(1);
    expect(refusalOf(() => mergeSaml({}, { certificate: CERTIFICATE.repeat(6) }, NOW))).toHaveLength(1);
    expect(mergeSaml(twice, { certificate: '' }, NOW).idpCertificates).toEqual([]);
  });
});

describe('the status of a connection', () => {
  const oidc = (settings: object, hasSecret: boolean, configurationType: 'DISCOVERY' | 'MANUAL' | null = null) =>
    statusOf({ type: 'OIDC', settings, configurationType }, hasSecret);
  const saml = (settings: object, configurationType: 'DISCOVERY' | 'MANUAL' | null = null) =>
    statusOf({ type: 'SAML', settings, configurationType }, false);

  test('is a draft while nothing is configured', () => {
    expect([oidc({}, false), saml({ idpCertificates: [] })]).toEqual(['DRAFT', 'DRAFT']);
  });

  test('of OIDC is complete with client, secret, and the endpoints or where they can be read', () => {
    const discovery = { clientId: 'a', issuer: 'https://idp.test' };
    const uris = { authorizeUri: 'https://idp.test/a', tokenUri: 'https://idp.test/t', jwksUri: 'https://idp.test/k' };
    expect(oidc(discovery, true)).toBe('COMPLETED');
    expect(oidc(discovery, false)).toBe('IN_PROGRESS');
    expect(oidc({ issuer: 'https://idp.test' }, true)).toBe('IN_PROGRESS');
    expect(oidc(discovery, true, 'MANUAL')).toBe('IN_PROGRESS');
    expect(oidc({ ...discovery, ...uris }, true, 'MANUAL')).toBe('COMPLETED');
  });

  test('of SAML is complete with entity, address and certificate, or the metadata address', () => {
    const certificate = mergeSaml({}, { certificate: CERTIFICATE }, NOW);
    const manual = { ...certificate, idpEntityId: 'urn:idp', idpSsoUrl: 'https://idp.test/sso' };
    expect(saml(manual, 'MANUAL')).toBe('COMPLETED');
    expect(saml({ ...manual, idpCertificates: [] }, 'MANUAL')).toBe('IN_PROGRESS');
    expect(saml({ idpMetadataUrl: 'https://idp.test/metadata' })).toBe('COMPLETED');
    expect(saml({ idpMetadataUrl: 'https://idp.test/metadata' }, 'MANUAL')).toBe('IN_PROGRESS');
  });
});
