import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../env.mjs';
import { describeFailure } from './failure.mjs';

const config = { databaseUrl: 'postgres://app:hunter2@db.example:5432/gatehouse', host: '127.0.0.1', port: 3000 };
const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('describeFailure', () => {
  it('says in one line, without the password, that the database does not answer', () => {
    const nested = new Error('Failed query', { cause: new AggregateError([withCode('ECONNREFUSED')]) });
    const text = describeFailure(nested, config);
    expect(text).toMatch(/database at db\.example:5432\/gatehouse does not answer \(ECONNREFUSED\).*DATABASE_URL/);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('\n');
  });

  it('says that the database refused the connection', () => {
    expect(describeFailure(withCode('28P01', 'password authentication failed'), config)).toMatch(
      /refused.*password authentication failed/,
    );
  });

  it('names the port that is in use', () => {
    expect(describeFailure(withCode('EADDRINUSE'), config)).toMatch(/port 3000 on 127\.0\.0\.1 is in use.*PORT/);
  });

  it('passes on what was written for people', () => {
    expect(describeFailure(new ConfigurationError(['PORT is "x".']))).toBe(
      'Gatehouse did not start: one setting is not usable.\n  - PORT is "x".',
    );
  });

  it('keeps the stack of what nobody foresaw, and blames no database when there is none', () => {
    expect(describeFailure(withCode('ECONNREFUSED', 'odd'))).toContain('failure.test.ts');
  });
});
