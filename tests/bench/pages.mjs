// What everybody is answered, beside nginx with the same bytes in a file.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { freePort, load, start, stop, turns } from './machine.mjs';
import { atMost, median, micro, ratio } from './report.mjs';
import { world } from './world.mjs';

const requests = Number(process.env.REQUESTS ?? 20000) * 2;

async function nginx(here) {
  const port = await freePort();
  const files = path.join(here.dir, 'www');
  fs.mkdirSync(path.join(files, 'v1'), { recursive: true });
  for (const [target, file] of [['/', 'index.html'], ['/v1/tiers', 'v1/tiers']])
    fs.writeFileSync(path.join(files, file), Buffer.from(await (await fetch(`http://127.0.0.1:${here.port}${target}`)).arrayBuffer()));
  fs.chmodSync(here.dir, 0o755);
  fs.writeFileSync(path.join(here.dir, 'nginx.conf'), `
    daemon off; worker_processes 1; pid ${here.dir}/nginx.pid; error_log stderr;
    ${process.getuid() === 0 ? 'user root;' : ''}
    events { worker_connections 4096; }
    http { access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
      server { listen 127.0.0.1:${port}; root ${files}; default_type application/json; types { text/html html; } } }`);
  const child = await start('nginx', ['-c', path.join(here.dir, 'nginx.conf'), '-p', here.dir], port);
  return { child, port, worker: Number(execFileSync('pgrep', ['-P', String(child.pid)])) };
}

export async function pages() {
  const here = await world();
  const ours = await here.serve();
  const theirs = await nginx(here);
  const rows = [];
  for (const target of ['/', '/v1/tiers']) {
    const cpu = { pledger: [], nginx: [] };
    for (let turn = 0; turn < turns; turn++) {
      cpu.nginx.push((await load(target, theirs.port, 64, requests, theirs.worker)).cpu_us);
      cpu.pledger.push((await load(target, here.port, 64, requests, ours.pid)).cpu_us);
    }
    rows.push(atMost(ratio(cpu.pledger, cpu.nginx), 1, {
      what: `GET ${target}`, own: micro(median(cpu.pledger)), beside: `nginx, the same bytes from a file ${micro(median(cpu.nginx))}`, unit: 'times its CPU',
    }));
  }
  await stop(ours);
  await stop(theirs.child);
  here.remove();
  return { title: 'Pages: CPU a request, 64 connections, one core', rows };
}
