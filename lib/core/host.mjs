/**
 * The name and the port of a Host header or `:authority`. Names are lower-cased; an IPv6 address keeps its brackets.
 * A text that is not a host gives an empty name, which matches nothing.
 * @param {string} text
 * @returns {{name: string, port: string}} `port` is empty when none is given
 */
export function splitHost(text) {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(?::(\d{1,5}))?$/i.exec(text);
  return { name: (match?.[1] ?? '').toLowerCase(), port: match?.[2] ?? '' };
}

/**
 * Whether a host name, without a port, always means the machine itself: `localhost`, names below it, 127.0.0.0/8, `[::1]`.
 * @param {string} name lower case, as `splitHost` gives it
 */
export function isLoopbackName(name) {
  if (name === 'localhost' || name === '[::1]' || name.endsWith('.localhost')) return true;
  const parts = name.split('.');
  return (
    parts.length === 4 && parts[0] === '127' && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
  );
}

/**
 * Whether a Host header names the machine itself, with any port.
 * @param {string} hostHeader
 */
export function isLoopbackHost(hostHeader) {
  return isLoopbackName(splitHost(hostHeader).name);
}

/**
 * Whether a Host header means the given public origin. A default port may be written or left out.
 * @param {string} hostHeader @param {string} publicOrigin
 */
export function isPublicHost(hostHeader, publicOrigin) {
  const own = hostOf(publicOrigin);
  const { name, port } = splitHost(hostHeader);
  return name === own.name && (port || own.defaultPort) === own.port;
}

/** The last origin taken apart: every request asks, and a process has one. @type {{origin: string, name: string, port: string, defaultPort: string}} */
let known = { origin: '', name: '', port: '', defaultPort: '' };

/** @param {string} origin */
function hostOf(origin) {
  if (known.origin === origin) return known;
  const { protocol, hostname, port } = new URL(origin);
  const defaultPort = protocol === 'https:' ? '443' : '80';
  known = { origin, name: hostname, port: port || defaultPort, defaultPort };
  return known;
}
