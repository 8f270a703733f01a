import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookUpTxt } from './txt-lookup';

/** Flags of an answer (RFC 1035 §4.1.1): a response, recursion available, and the response code in the last four bits. */
const RESPONSE = 0x8180;
const NO_SUCH_NAME = 3;
const SERVER_FAILURE = 2;
const TYPE_TXT = 16;
const CLASS_INTERNET = 1;
const HEADER_BYTES = 12;
/** A pointer to the name of the question, right after the header. */
const QUESTION_NAME = 0xc000 + HEADER_BYTES;

let socket: Socket;
let server: string;
let questions: string[];
let answer: { code: number; records: readonly (readonly string[])[] };

beforeEach(async () => {
  questions = [];
  socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answerTo(query), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server = `127.0.0.1:${socket.address().port}`;
});

afterEach(() => socket.close());

function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size));
    at += 1 + size;
  }
  questions.push(labels.join('.'));
  const question = query.subarray(HEADER_BYTES, at + 5);
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(RESPONSE + answer.code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answer.records.length, 6);
  return Buffer.concat([header, question, ...answer.records.map(writeRecord)]);
}

function writeRecord(parts: readonly string[]): Buffer {
  const data = Buffer.concat(parts.map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])));
  const head = Buffer.alloc(12);
  head.writeUInt16BE(QUESTION_NAME, 0);
  head.writeUInt16BE(TYPE_TXT, 2);
  head.writeUInt16BE(CLASS_INTERNET, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

describe('a look-up of TXT records', () => {
  test('gives each record as one text, however many parts it was sent in', async () => {
    answer = { code: 0, records: [['v=spf1 -all'], ['gatehouse_', 'verify_1']] };
    const found = await lookUpTxt('_check.acme.test', [server]);
    expect(found.toSorted()).toEqual(['gatehouse_verify_1', 'v=spf1 -all']);
    expect(questions).toEqual(['_check.acme.test']);
  });

  test('finds nothing at a name that does not exist or has no TXT record', async () => {
    answer = { code: NO_SUCH_NAME, records: [] };
    expect(await lookUpTxt('nobody.test', [server])).toEqual([]);
    answer = { code: 0, records: [] };
    expect(await lookUpTxt('empty.test', [server])).toEqual([]);
  });

  test('says that nobody answered, which is not the same as no record', async () => {
    answer = { code: SERVER_FAILURE, records: [] };
    await expect(lookUpTxt('broken.test', [server])).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('finds nothing at a name that DNS cannot have', async () => {
    expect(await lookUpTxt(`_check.${'a'.repeat(64)}.test`, [server])).toEqual([]);
    expect(questions).toEqual([]);
  });
});
