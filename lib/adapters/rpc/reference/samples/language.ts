import type { ReferenceMethod } from '../reference';

/** How samples of one language are written. Ids in their text are names in capitals, which are replaced by the reader's own. */
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
