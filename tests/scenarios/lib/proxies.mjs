// The reverse proxies of etc/, as they are installed, in front of a service of the tests: only names,
// ports and certificate are put in, as an operator does.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { Child, freePort, root } from './processes.mjs';
import { waitFor } from './wait.mjs';

const name = 'donate.example.org';

// Every part of the configuration that is to be replaced must be there.
function put(text, pairs) {
  for (const [from, to] of pairs) {
    assert.ok(text.includes(from), `etc/ no longer says ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const listens = (port) => new Promise((resolve) => {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false }, () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

class Proxy {
  constructor(folder) {
    this.folder = folder;
    this.certificate = path.join(folder, 'certificate.pem');
    this.key = path.join(folder, 'key.pem');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', this.key, '-out', this.certificate], { stdio: 'pipe' });
  }

  async run(command, args, options) {
    this.child = new Child(command, args, options);
    await waitFor(`${command} to listen`, () => {
      assert.ok(this.child.running, this.child.stderr + this.child.stdout);
      return listens(this.port);
    });
    return this;
  }

  stop() {
    return this.child.stop();
  }

  // A request over TLS, and all that comes back until the proxy closes or has said nothing more for a while.
  sendRaw(bytes, { limit = 20000, quiet = limit } = {}) {
    return new Promise((resolve, reject) => {
      const socket = tls.connect({
        host: '127.0.0.1', port: this.port, servername: name, ca: fs.readFileSync(this.certificate), ALPNProtocols: ['http/1.1'],
      }, () => socket.write(bytes));
      const parts = [];
      const end = () => socket.destroy();
      let timer = setTimeout(end, limit);
      socket.on('data', (part) => {
        parts.push(part);
        clearTimeout(timer);
        timer = setTimeout(end, quiet);
      });
      socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error)));
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(Buffer.concat(parts).toString('latin1'));
      });
    });
  }

  // A well-formed one: { status, header(name), body }.
  async send({ method = 'GET', path: target = '/', headers = {}, body = '' }) {
    const all = { Host: name, Connection: 'close', ...headers, ...(method === 'POST' && { 'Content-Length': Buffer.byteLength(body) }) };
    const head = [`${method} ${target} HTTP/1.1`, ...Object.entries(all).map(([key, value]) => `${key}: ${value}`)].join('\r\n');
    const raw = await this.sendRaw(Buffer.from(`${head}\r\n\r\n${body}`));
    const end = raw.indexOf('\r\n\r\n');
    const [first, ...fields] = raw.slice(0, end).split('\r\n');
    const header = (wanted) => fields.find((line) => line.toLowerCase().startsWith(`${wanted}: `))?.slice(wanted.length + 2);
    return { status: Number(first.split(' ')[1]), header, body: raw.slice(end + 4) };
  }
}

async function nginx(folder, servicePort) {
  const proxy = new Proxy(folder);
  const plain = await freePort();
  proxy.port = await freePort();
  const server = put(fs.readFileSync(path.join(root, 'etc/nginx.conf'), 'utf8'), [
    ['127.0.0.1:8080', `127.0.0.1:${servicePort}`],
    ['listen 80;', `listen 127.0.0.1:${plain};`], ['\tlisten [::]:80;\n', ''],
    ['listen 443 ', `listen 127.0.0.1:${proxy.port} `], ['\tlisten [::]:443 ssl http2;\n', ''],
    [`/etc/letsencrypt/live/${name}/fullchain.pem`, proxy.certificate], [`/etc/letsencrypt/live/${name}/privkey.pem`, proxy.key],
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
  const file = path.join(folder, 'nginx.conf');
  fs.writeFileSync(file, `pid ${folder}/nginx.pid;\ndaemon off;\nmaster_process off;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${server}\n}\n`);
  return proxy.run('/usr/sbin/nginx', ['-c', file, '-e', 'stderr', '-p', folder]);
}

async function caddy(folder, servicePort) {
  const proxy = new Proxy(folder);
  proxy.port = await freePort();
  const file = path.join(folder, 'Caddyfile');
  fs.writeFileSync(file, put(fs.readFileSync(path.join(root, 'etc/Caddyfile'), 'utf8'), [
    ['127.0.0.1:8080', `127.0.0.1:${servicePort}`],
    [`\n${name} {`, `\nhttps://${name}:${proxy.port} {\n\tbind 127.0.0.1\n\ttls ${proxy.certificate} ${proxy.key}`],
    ['\n{\n', '\n{\n\tadmin off\n\tauto_https disable_redirects\n'],
  ]));
  const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  return proxy.run('/usr/bin/caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env: { ...process.env, ...home } });
}

export const proxies = { nginx, caddy };
