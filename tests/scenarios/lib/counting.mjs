// A door between the service and the provider that counts what is asked, and can be shut.
import http from 'node:http';

export class CountingProxy {
  // refuse: null, or (path) => { status, headers } | 'hang up' | null, for what is not to get through.
  constructor() {
    this.asked = []; // { at, path }
    this.refuse = null;
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
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    on.on('error', () => response.destroy());
    request.pipe(on);
  }

  count(prefix) {
    return this.asked.filter(({ path }) => path.startsWith(prefix)).length;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
