/** Called by Next once per process, before it serves: boots the service and leaves its lanes to the front door. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { publishBootFailure, publishLanes } = await import('@/lib/core/front-door/lanes.mjs');
  try {
    const { boot } = await import('@/lib/adapters/boot');
    publishLanes(await boot());
  } catch (error) {
    // The door says it and ends the process; thrown on, Next would only log it and serve without a database.
    publishBootFailure(error);
  }
}
