import type { JsonObject } from '@bufbuild/protobuf';

const text = (description: string): JsonObject => ({ type: 'string', description });

const ENVELOPE: JsonObject = {
  type: 'object',
  required: [
    'spec_version',
    'id',
    'type',
    'object',
    'occurred_at',
    'environment_id',
    'display_name',
    'data',
    'version',
  ],
  properties: {
    spec_version: text('The version of this envelope.'),
    id: text('The event’s id, the same wherever it is told.'),
    type: text('What happened.'),
    object: text('What kind of thing it happened to.'),
    occurred_at: { type: 'string', format: 'date-time', description: 'When it happened.' },
    environment_id: text('This installation.'),
    organization_id: text('The organization that it is about, if it is one.'),
    display_name: text('What a person calls the type.'),
    data: { type: 'object', additionalProperties: true, description: 'The thing as it was then.' },
    previous: {
      type: 'object',
      additionalProperties: true,
      description: 'The attributes that changed, as they were before.',
    },
    version: {
      type: 'integer',
      description: 'Counts the changes of the thing: of two events the higher is the newer.',
    },
    request_id: text('The request that caused it.'),
    actor: text('Who caused it.'),
    seq: { type: 'integer', description: 'Its place in the order of announcements, without gaps.' },
  },
};

const query = (name: string, schema: JsonObject): JsonObject => ({ name, in: 'query', schema });

/** The operation of announcements for the OpenAPI document, but for what all operations share. */
export const ANNOUNCEMENTS_OPERATION: JsonObject = {
  operationId: 'Announcements_List',
  summary: 'Follow announcements',
  description:
    'Events in the order in which they were announced, after a cursor: what a consumer needs to stay in step. Nothing ever appears behind ' +
    'a cursor that was given out. With `accept: text/event-stream` the answer is a stream that goes on.',
  tags: ['Events'],
  parameters: [
    query(
      'after',
      text(
        'A cursor that an earlier answer gave, `latest` for what comes from now on, or nothing to start at the first event.',
      ),
    ),
    query('limit', {
      type: 'integer',
      minimum: 0,
      description: 'How many to return: 100 unless given. Lowered to 1,000 if larger.',
    }),
    query('types', text('Event types, separated by commas. All unless given.')),
    query('organization_id', text('Only events of this organization.')),
    query('directory_id', text('Only events of this directory.')),
  ],
};

/** The body of a page of announcements. */
export const ANNOUNCEMENTS_ANSWER: JsonObject = {
  type: 'object',
  required: ['events', 'next_cursor', 'has_more'],
  properties: {
    events: { type: 'array', items: ENVELOPE, description: 'The oldest first.' },
    next_cursor: text('What to give as `after` next.'),
    has_more: { type: 'boolean', description: 'Whether more is there already.' },
  },
};
