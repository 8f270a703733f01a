import { CURL } from './curl';
import { GO } from './go';
import { JAVA } from './java';
import type { SampleLanguage } from './language';
import { NODE } from './node';
import { PYTHON } from './python';

/** What the samples are filled in with: what the reader has. */
export interface SampleValues {
  readonly origin: string;
  readonly clientId: string | undefined;
  readonly organizationId: string | undefined;
  readonly directoryId: string | undefined;
}

export const SAMPLE_LANGUAGES = {
  node: NODE,
  python: PYTHON,
  go: GO,
  java: JAVA,
  curl: CURL,
} as const satisfies Record<string, SampleLanguage>;

export type SampleLanguageId = keyof typeof SAMPLE_LANGUAGES;

/** The language that an address names, Node if it names none. */
export function readLanguage(name: string | undefined): SampleLanguageId {
  return name !== undefined && Object.hasOwn(SAMPLE_LANGUAGES, name) ? (name as SampleLanguageId) : 'node';
}

/** A sample with the reader's own address and ids. What the reader does not have keeps its name in capitals. */
export function fillIn(sample: string, values: SampleValues): string {
  return sample
    .replaceAll('ENVIRONMENT_ORIGIN', values.origin)
    .replaceAll('API_CLIENT_ID', values.clientId ?? 'skc_…')
    .replaceAll('ORGANIZATION_ID', values.organizationId ?? 'ORGANIZATION_ID')
    .replaceAll('DIRECTORY_ID', values.directoryId ?? 'DIRECTORY_ID');
}
