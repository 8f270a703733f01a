import type { ReferenceMethod } from '../reference';
import { CURL } from './curl';
import { GO } from './go';
import { JAVA } from './java';
import { NODE } from './node';
import { PYTHON } from './python';

/** What the samples are filled in with: what the reader has. */
export interface SampleValues {
  readonly origin: string;
  readonly clientId: string | undefined;
  readonly organizationId: string | undefined;
  readonly directoryId: string | undefined;
}

/** How samples of one language are written. Ids in their text are names in capitals, which `fillIn` replaces. */
export interface SampleLanguage {
  readonly label: string;
  /** What the routes are written for: Express, Flask. Empty for curl. */
  readonly framework: string;
  /** How to install what the samples import. */
  readonly install: string;
  /** The program that all other samples are parts of: the client, and a server that listens. */
  readonly setUp: string;
  /** The title of the code of `setUp`: a file's name. */
  readonly file: string;
  /** A route that calls `method`. */
  readonly callOf: (method: ReferenceMethod) => string;
  /** A route that receives webhooks and refuses what is not signed. */
  readonly webhook: string;
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
