/// <reference types="next" />
/// <reference types="next/image-types/global" />

// Next writes the same into next-env.d.ts, which is made by a build; with this file the types hold in a fresh clone too.
declare module '*.css';
