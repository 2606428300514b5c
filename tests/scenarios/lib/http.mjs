// Requests as they are meant: every header line as given, nothing followed, nothing unpacked.
import http from 'node:http';
import net from 'node:net';

class Answer {
  constructor(status, pairs, body) {
    this.status = status;
    this.pairs = pairs; // [[name in lower case, value], …] as they came
    this.body = body;
  }

  header(name) {
    const values = this.pairs.filter(([key]) => key === name).map(([, value]) => value);
    return values.length > 0 ? values.join(', ') : undefined;
  }

  get text() {
    return this.body.toString('utf8');
  }

  get json() {
    return JSON.parse(this.text);
  }
}

const inPairs = (raw) => raw.flatMap((value, i) => (i % 2 === 0 ? [[value.toLowerCase(), raw[i + 1]]] : []));

// headers: an object whose values are texts or, for repeated lines, lists.
export function send(origin, { method = 'GET', path = '/', headers = {}, body = undefined, agent = false, timeout = 70000, from = undefined }) {
  const url = new URL(origin);
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const lines = [['Host', url.host], ['Connection', agent ? 'keep-alive' : 'close']];
  const given = new Map();
  for (const [name, value] of Object.entries(headers)) given.set(name.toLowerCase(), [name, value]);
  const all = lines.filter(([name]) => !given.has(name.toLowerCase()));
  for (const [name, value] of given.values())
    for (const each of [value].flat()) if (each !== null) all.push([name, each]);
  if (bytes !== undefined && !given.has('content-length')) all.push(['Content-Length', String(bytes.length)]);
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: url.hostname, port: url.port, method, path, agent, headers: all.flat(), setHost: false, timeout, localAddress: from,
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve(new Answer(response.statusCode, inPairs(response.rawHeaders), Buffer.concat(parts))));
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path} in ${timeout} ms`)));
    request.end(bytes);
  });
}

// Bytes as they are, and whatever comes back until the other end closes.
export function sendRaw(origin, bytes, limit = 20000) {
  const url = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(url.port), url.hostname, () => socket.write(bytes));
    const parts = [];
    const timer = setTimeout(() => socket.destroy(new Error('the connection stayed open')), limit);
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', (failed) => {
      clearTimeout(timer);
      if (!failed) resolve(Buffer.concat(parts).toString('latin1'));
    });
  });
}
