// Requests that two servers could read differently, or that ask for more than anybody needs.

const lines = (...all) => `${all.join('\r\n')}\r\n\r\n`;

// What our own check refuses: [status, bytes].
export const refused = {
  'two Hosts': [400, lines('GET / HTTP/1.1', 'Host: a', 'Host: b')],
  'a Host that is none': [400, lines('GET / HTTP/1.1', 'Host: a b')],
  'Content-Length and Transfer-Encoding': [400, `${lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`],
  'two Content-Lengths': [400, `${lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Content-Length: 4', 'Content-Length: 5')}xxxx`],
  'a POST without a length': [411, lines('POST /v1/checkout HTTP/1.1', 'Host: a')],
  'another transfer coding': [501, lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip')],
  'another method': [501, lines('PATCH /v1/checkout HTTP/1.1', 'Host: a', 'Content-Length: 0')],
  'an absolute target': [400, lines('GET http://a/ HTTP/1.1', 'Host: a')],
  'a NUL escaped in the target': [400, lines('GET /c/%00 HTTP/1.1', 'Host: a')],
  'half an escape in the target': [400, lines('GET /c/%4 HTTP/1.1', 'Host: a')],
  'a target of 9,000 bytes': [414, lines(`GET /${'x'.repeat(9000)} HTTP/1.1`, 'Host: a')],
  'seventy header fields': [431, lines('GET / HTTP/1.1', 'Host: a', ...Array.from({ length: 70 }, (_, i) => `X-${i}: y`))],
  'an expectation that cannot be met': [417, `${lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Content-Length: 2', 'Expect: a-miracle')}{}`],
  'a body where none belongs': [413, `${lines('GET / HTTP/1.1', 'Host: a', 'Content-Length: 4')}xxxx`],
};

// What the HTTP library refuses before anybody else sees it.
export const refusedEarly = {
  'no Host': [400, lines('GET / HTTP/1.1')],
  'a Content-Length that is none': [400, lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Content-Length: +4')],
  'another HTTP': [505, lines('GET / HTTP/2.0', 'Host: a')],
  'a head of 20,000 bytes': [431, lines('GET / HTTP/1.1', 'Host: a', `X-Long: ${'x'.repeat(20000)}`)],
  'a target of 20,000 bytes': [414, lines(`GET /${'x'.repeat(20000)} HTTP/1.1`, 'Host: a')],
};

// What an application behind the HTTP library cannot see any more: a reverse proxy has to.
export const unseen = {
  'line feeds alone': 'GET /healthz HTTP/1.1\nHost: a\n\n',
  'a folded field': lines('GET /healthz HTTP/1.1', 'Host: a', 'X-Folded: one', ' two'),
  'a blank before a colon': lines('GET /healthz HTTP/1.1', 'Host: a', 'Content-Length : 0'),
  'a blank before a length’s colon': `${lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Content-Length : 42', 'Content-Length: 0')}GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a NUL in a field': lines('GET /healthz HTTP/1.1', 'Host: a', 'X-Nul: a\0b'),
  'a coding that is nearly chunked': `${lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Transfer-Encoding: xchunked')}0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a chunk’s size that is none': `${lines('POST /v1/checkout HTTP/1.1', 'Host: a', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}0x4\r\nabcd\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`,
};
