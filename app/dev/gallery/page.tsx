import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { notFound } from 'next/navigation';
import { DashboardSample } from './dashboard-sample';
import { PortalSample } from './portal-sample';
import { PrimitiveSamples } from './primitives';
import { SetUpSample, SignInSample } from './sign-in-sample';

export const metadata: Metadata = { title: 'Gallery', robots: { index: false } };

const VIEWS: Record<string, () => ReactNode> = {
  primitives: () => <PrimitiveSamples />,
  dashboard: () => <DashboardSample />,
  portal: () => <PortalSample />,
  'sign-in': () => <SignInSample />,
  'set-up': () => <SetUpSample />,
};

/** Every primitive in every state, and the shells with sample pages in them: `?view=dashboard`, `portal`, `sign-in`, `set-up`. Development only. */
export default async function GalleryPage({ searchParams }: { searchParams: Promise<{ view?: string | string[] }> }) {
  if (process.env.NODE_ENV === 'production') notFound();
  const { view } = await searchParams;
  const render = VIEWS[typeof view === 'string' ? view : 'primitives'];
  if (!render) notFound();
  return render();
}
