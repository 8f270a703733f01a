import { Badge } from '@/components/ui/badge';

const TONES = { GET: 'neutral', POST: 'success', PUT: 'accent', PATCH: 'accent', DELETE: 'danger' } as const;

/** The verb of a REST route. Colour repeats what the word says. */
export function HttpVerb({ verb }: { verb: keyof typeof TONES }) {
  return (
    <Badge tone={TONES[verb]} isMono>
      {verb}
    </Badge>
  );
}
