// A passage between the service and its provider that can be closed at either end: a request that has
// not reached the provider, or an answer that has not come back.
import http from 'node:http';

export class Passage {
  static async open() {
    const passage = new Passage();
    passage.gates = [];
    passage.server = http.createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => passage.pass(request, Buffer.concat(parts), response));
    });
    await new Promise((resolve) => passage.server.listen(0, '127.0.0.1', resolve));
    passage.origin = `http://127.0.0.1:${passage.server.address().port}`;
    return passage;
  }

  // side: 'there' or 'back'. Resolves when somebody stands at the gate; `lift` lets them go on.
  hold(side, path) {
    let lift;
    const gate = { side, path, lifted: new Promise((resolve) => { lift = resolve; }) };
    gate.reached = new Promise((resolve) => { gate.arrive = resolve; });
    this.gates.push(gate);
    return { reached: gate.reached, lift: () => { this.gates.splice(this.gates.indexOf(gate), 1); lift(); } };
  }

  async at(side, path) {
    for (const gate of this.gates.filter((each) => each.side === side && path.startsWith(each.path))) {
      gate.arrive();
      await gate.lifted;
    }
  }

  async pass(request, body, response) {
    await this.at('there', request.url);
    // What was held while its sender died is not worth sending.
    if (request.socket.destroyed) return;
    const { hostname, port } = new URL(this.target);
    const onward = http.request({ hostname, port, method: request.method, path: request.url, headers: request.headers, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', async () => {
        await this.at('back', request.url);
        response.writeHead(answer.statusCode, answer.rawHeaders);
        response.end(Buffer.concat(parts));
      });
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
