/** A connection that has not said three bytes by then is closed. */
export const PEEK_TIMEOUT_MS = 10_000;

/** Every HTTP/2 connection opens with "PRI * HTTP/2.0" (RFC 9113 §3.4); no HTTP/1.1 method begins with these letters. */
const PREFACE = Buffer.from('PRI');

/**
 * Reads just enough of a fresh connection to tell HTTP/2 from HTTP/1.1, puts it back, and hands the socket on. Bytes may
 * arrive one by one. A connection that ends, fails or stays silent is closed and never handed on.
 * @param {import('node:net').Socket} socket
 * @param {(isHttp2: boolean) => void} handOn
 * @param {number} [timeoutMs]
 */
export function peekProtocol(socket, handOn, timeoutMs = PEEK_TIMEOUT_MS) {
  /** @type {Buffer[]} */
  const chunks = [];
  const finish = () => {
    clearTimeout(timer);
    socket.off('readable', onReadable).off('error', onGone).off('close', onGone).off('end', onGone);
  };
  const onGone = () => {
    finish();
    socket.destroy();
  };
  const onReadable = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) chunks.push(chunk);
    const head = Buffer.concat(chunks);
    const isPrefaceSoFar = PREFACE.subarray(0, head.length).equals(head.subarray(0, PREFACE.length));
    // One byte that is not a "P" already decides; a "P" may still become "POST".
    if (head.length === 0 || (isPrefaceSoFar && head.length < PREFACE.length)) return;
    finish();
    socket.unshift(head);
    handOn(isPrefaceSoFar);
  };
  const timer = setTimeout(onGone, timeoutMs);
  socket.on('readable', onReadable).on('error', onGone).on('close', onGone).on('end', onGone);
}
