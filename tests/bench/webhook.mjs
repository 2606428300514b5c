// A durable webhook: 5 KB as Stripe sends it, each of a new event; verified, decoded, decided, appended and synced
// before it is answered.
import path from 'node:path';

import { freePort, load, program, says, start, stop, turns } from './machine.mjs';
import { atLeast, atMost, count, median, micro, ratio } from './report.mjs';
import { pledges, secret, world } from './world.mjs';

const requests = Number(process.env.REQUESTS ?? 20000);

// The service and its pledges, each of which is paid once.
async function service(paid) {
  const here = await world(pledges(paid + requests / 4));
  const child = await here.serve();
  let first = 0;
  const pay = async (connections, number) => {
    const result = await load('webhook', here.port, connections, number, child.pid, first);
    first += number;
    return result;
  };
  await pay(64, requests / 4); // until memory and file are in use
  return { here, pay, end: async () => { await stop(child); here.remove(); } };
}

async function peers(dir) {
  const server = path.join(import.meta.dirname, 'beside/server.mjs');
  const begin = async (command, args) => {
    const port = await freePort();
    return { port, child: await start(command, args(String(port)), port) };
  };
  return {
    bare: await begin(program('bare'), (port) => [port]),
    file: await begin(process.execPath, (port) => [server, port, secret, dir, 'file']),
    sqlite: await begin(process.execPath, (port) => [server, port, secret, dir, 'sqlite']),
  };
}

export async function webhook() {
  const ours = await service(turns * requests);
  const others = await peers(ours.here.dir);
  const cpu = { pledger: [], bare: [], file: [], sqlite: [] };
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, { port, child }] of Object.entries(others))
      cpu[name].push((await load('webhook', port, 64, name === 'bare' ? requests : requests / 4, child.pid, turn * requests)).cpu_us);
    cpu.pledger.push((await ours.pay(64, requests)).cpu_us);
  }
  await ours.end();
  for (const { child } of Object.values(others)) await stop(child);
  const row = (name, what, beside) => ({ what, own: micro(median(cpu.pledger)), beside: `${beside} ${micro(median(cpu[name]))}` });
  const less = (name) => ratio(cpu[name], cpu.pledger);
  return {
    title: 'A durable webhook: CPU a request, 64 connections, one core',
    rows: [
      atMost(ratio(cpu.pledger, cpu.bare), 3.5, { ...row('bare', 'beside a server that does nothing', 'libmicrohttpd'), unit: 'times its CPU' }),
      atLeast(less('file'), 8, { ...row('file', 'beside a file with fdatasync', 'Node, Express, stripe'), unit: 'times less CPU' }),
      atLeast(less('sqlite'), 8, { ...row('sqlite', 'beside SQLite, synchronous=FULL', 'Node, Express, stripe, better-sqlite3'), unit: 'times less CPU' }),
    ],
  };
}

export async function connections() {
  const few = Math.ceil(requests / 10);
  const ours = await service(turns * (2 * requests + few));
  const rate = { one: [], many: [], most: [], disk: [] };
  for (let turn = 0; turn < turns; turn++) {
    rate.many.push((await ours.pay(64, requests)).per_s);
    rate.most.push((await ours.pay(1024, requests)).per_s);
    rate.disk.push(says('syncs', [ours.here.data, 1]).per_s);
    rate.one.push((await ours.pay(1, few)).per_s);
  }
  await ours.end();
  return {
    title: 'A durable webhook: requests a second with many and with one connection',
    rows: [
      atLeast(ratio(rate.most, rate.many), 0.8, { what: '1,024 connections', own: `${count(median(rate.most))}/s`, beside: `64 connections ${count(median(rate.many))}/s`, unit: 'of it' }),
      atLeast(ratio(rate.one, rate.disk), 0.5, { what: 'one connection', own: `${count(median(rate.one))}/s`, beside: `the disk's bare fdatasync ${count(median(rate.disk))}/s`, unit: 'of it' }),
    ],
  };
}
