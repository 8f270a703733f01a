import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listRecentEvents } from '@/lib/domain/event/queries';
import { isProviderId } from '@/lib/providers/provider';
import { listReplays, readReplay, type Replay } from './replays/replay';
import { play } from './replays/runner';
import { TWENTY } from './replays/twenty';
import { operator, type ScimServer, startScim } from './testing';

const replays = listReplays();
const MAX_EVENTS = 500;

let server: ScimServer;

async function playFresh(replay: Replay): Promise<void> {
  if (!isProviderId(replay.provider)) throw new Error(`${replay.file} names no provider of ours: ${replay.provider}`);
  const { organizationId, baseUrl, token } = await server.newDirectory(replay.provider);
  await play(replay, {
    baseUrl,
    token,
    async listEvents() {
      const events = await listRecentEvents(operator, { organizationId, limit: MAX_EVENTS });
      return events.toReversed().filter((event) => event.type.startsWith('organization.directory.'));
    },
  });
}

describe.each(['node', 'fetch'] as const)('by the %s mount', (mount) => {
  beforeAll(async () => {
    server = await startScim(mount);
  });
  afterAll(() => server.close());

  test.each(replays.map((replay): [string, Replay] => [`${replay.file}: ${replay.title}`, replay]))(
    '%s',
    (_name, replay) => playFresh(replay),
  );
});

describe('the replays', () => {
  beforeAll(async () => {
    server = await startScim();
  });
  afterAll(() => server.close());

  const flavours = [
    'okta/catalogue-',
    'okta/wizard-',
    'entra/default-',
    'entra/flag-',
    'onelogin/',
    'jumpcloud/',
    'pingone/',
    'pingfederate/',
    'cyberark/',
    'rippling/',
  ];
  test.each(flavours)('tell the whole story of %s*', (flavour) => {
    const stories = ['joiner', 'mover', 'leaver-and-return', 'rename'].map((story) => `${flavour}${story}.json`);
    const files = replays.map((replay) => replay.file);
    expect(files).toEqual(expect.arrayContaining(stories));
    expect(files.some((file) => file.startsWith(`${flavour}group`))).toBe(true);
    expect(
      files.some(
        (file) =>
          file.startsWith(flavour.replace('catalogue-', '').replace('wizard-', '')) && file.includes('connection-test'),
      ),
    ).toBe(true);
  });

  const parts = TWENTY.flatMap((habit, index) =>
    Object.entries(habit.parts).map(([part, isShownBy]) => ({
      number: index + 1,
      what: `${habit.what}: ${part}`,
      isShownBy,
    })),
  );
  test.each(parts)('show habit $number, $what', ({ number, isShownBy }) => {
    expect(number).toBeLessThanOrEqual(20);
    const files = replays.filter((replay) => replay.steps.some(isShownBy)).map((replay) => replay.file);
    expect(files).not.toEqual([]);
  });

  test('are all read strictly: a member that means nothing is refused', () => {
    const { file, ...valid } = replays[0]!;
    expect(readReplay(file, JSON.stringify(valid)).steps).toHaveLength(valid.steps.length);
    expect(() => readReplay('x.json', JSON.stringify({ ...valid, event: [] }))).toThrow(/x\.json is not a replay/);
    const [step] = valid.steps;
    const odd = { ...valid, steps: [{ ...step, response: { ...step!.response, bdoy: {} } }] };
    expect(() => readReplay('x.json', JSON.stringify(odd))).toThrow(/bdoy/);
  });

  const story = replays.find((replay) => replay.file === 'okta/catalogue-rename.json')!;
  const changed = (change: (copy: Replay) => void): Replay => {
    const copy = structuredClone(story);
    change(copy);
    return copy;
  };
  /** Two addresses that exchange their types each time it is sent, so it is no retry. */
  const comeAndGo = (copy: Replay) => {
    const retype = (from: string, to: string) => ({ op: 'replace', path: `emails[type eq "${from}"].type`, value: to });
    const body = { Operations: [retype('home', 'other'), retype('work', 'home'), retype('other', 'work')] };
    const request = { method: 'PATCH' as const, path: '/Users/${user.ann}', body };
    Object.assign(copy.steps[2]!, { repeat: true, request, response: { status: 200 } });
  };
  const lies: [string, RegExp, (copy: Replay) => void][] = [
    ['status', /"create Ann": answered 201 instead of 200/, (copy) => (copy.steps[0]!.response.status = 200)],
    ['body', /"Ann is still in": body\/members/, (copy) => (copy.steps[4]!.response.body = { members: [] })],
    ['header', /"create Ann": headers\/location/, (copy) => (copy.steps[0]!.response.headers = { location: 'x' })],
    ['retry that changes nothing', /sent again it caused/, comeAndGo],
    ['person', /state: users:/, (copy) => copy.state.users.push({ userName: 'nobody' })],
    ['attribute', /state: .*externalId/, (copy) => (copy.state.users[0]!['externalId'] = 'other')],
    ['absence', /state: .*locale is "en-US" instead of null/, (copy) => (copy.state.users[0]!['locale'] = null)],
    ['member', /state: members of Sales EMEA/, (copy) => (copy.state.groups[0]!.members = [])],
    ['event', /events: .*user\.ann/, (copy) => copy.events.shift()],
    ['payload', /events: .*email/, (copy) => (copy.events[2]!.data = { email: 'ann@acme.example' })],
    ['change', /events: .*previous/, (copy) => (copy.events.at(-1)!.previous = { display_name: 'Other' })],
    ['capture', /nothing was captured as user\.zoe/, (copy) => (copy.steps[2]!.request.path = '/Groups/${user.zoe}')],
  ];
  test.each(lies)('are compared: a wrong %s is found', async (_what, message, change) => {
    await expect(playFresh(changed(change))).rejects.toThrow(message);
  });
});
