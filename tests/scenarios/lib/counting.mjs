// A door between the service and the provider that counts what is asked, can be shut, and can keep answers to itself.
import http from 'node:http';

export class CountingProxy {
  // refuse: null, or (path) => { status, headers } | 'hang up' | null, for what is not to get through.
  // withholds: (path) => whether the provider is asked and its answer goes no further than `withheld`.
  constructor() {
    this.asked = []; // { at, path }
    this.refuse = null;
    this.withholds = null;
    this.withheld = []; // the answers' JSON
  }

  async start() {
    this.server = http.createServer((request, response) => {
      this.asked.push({ at: performance.now(), path: request.url });
      const refusal = this.refuse?.(request.url) ?? null;
      if (refusal === 'hang up') request.socket.destroy();
      else if (refusal) {
        request.resume();
        response.writeHead(refusal.status, { 'content-type': 'application/json', ...refusal.headers }).end('{"error":{"type":"api_error"}}');
      } else this.forward(request, response);
    });
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  forward(request, response) {
    const on = http.request(new URL(request.url, this.to), { method: request.method, headers: request.headers }, (answer) => {
      if (this.withholds?.(request.url)) return this.keep(answer);
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    on.on('error', () => response.destroy());
    request.pipe(on);
  }

  async keep(answer) {
    const pieces = [];
    for await (const piece of answer) pieces.push(piece);
    this.withheld.push(JSON.parse(Buffer.concat(pieces).toString()));
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
