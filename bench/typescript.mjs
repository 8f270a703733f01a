import { register } from 'node:module';

/** Preloaded with `node --import`: lets plain Node load the TypeScript of this project, so that what is measured against cannot drift. */
register('./typescript-hooks.mjs', import.meta.url);
