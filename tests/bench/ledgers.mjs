// Whole ledgers: checked, exported, indexed, and served without anybody asking.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { pause, pledger, serverCore, stop, timed, timedInto, turns } from './machine.mjs';
import { atLeast, atMost, count, median, ratio } from './report.mjs';
import { history, ledgerFiles, world } from './world.mjs';

const entries = Number(process.env.ENTRIES ?? 1000000);
const fewTurns = Math.min(turns, 3);
const seconds = (numbers) => `${median(numbers).toFixed(2)} s`;

export async function verify() {
  const here = await world(history(entries));
  const bytes = ledgerFiles(here).reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const took = { pledger: [], openssl: [] };
  for (let turn = 0; turn < turns; turn++) {
    took.openssl.push(timed('openssl', ['dgst', '-sha256', ...ledgerFiles(here)]));
    took.pledger.push(timed(pledger, ['verify', '--data', here.data]));
  }
  here.remove();
  return {
    title: `Verifying ${count(entries)} entries (${(bytes / 1e6).toFixed(0)} MB)`,
    rows: [atMost(ratio(took.pledger, took.openssl), 2, { what: 'pledger verify', own: seconds(took.pledger), beside: `openssl dgst -sha256 ${seconds(took.openssl)}`, unit: 'times its time' })],
  };
}

export async function exporting() {
  const here = await world(history(2 * entries + 1));
  const csv = path.join(here.dir, 'gifts.csv');
  const table = path.join(here.dir, 'gifts.db');
  const took = { pledger: [], sqlite: [] };
  const ours = () => timedInto(csv, pledger, ['export', '--data', here.data, '--profile', 'gifts/1']);
  ours();
  execFileSync('sqlite3', [table, '.mode csv', `.import ${csv} gifts`]);
  for (let turn = 0; turn < fewTurns; turn++) {
    took.sqlite.push(timedInto(csv, 'sqlite3', ['-csv', '-header', table, 'select * from gifts']));
    took.pledger.push(ours());
  }
  const gifts = Number(execFileSync('wc', ['-l', csv], { encoding: 'utf8' }).split(' ')[0]) - 1;
  here.remove();
  return {
    title: `Exporting ${count(gifts)} gifts to CSV`,
    rows: [atMost(ratio(took.pledger, took.sqlite), 1, { what: 'pledger export', own: seconds(took.pledger), beside: `sqlite3 -csv, the same rows of a table ${seconds(took.sqlite)}`, unit: 'times its time' })],
  };
}

export async function rebuild() {
  const here = await world(history(entries));
  const took = [];
  for (let turn = 0; turn < fewTurns; turn++) took.push(timed(pledger, ['rebuild', '--data', here.data], { core: serverCore }));
  here.remove();
  return {
    title: `Making the index of ${count(entries)} entries anew, one core`,
    rows: [atLeast(entries / median(took), 300000, { what: 'pledger rebuild', own: seconds(took), unit: 'entries a second', digits: 0 })],
  };
}

const mib = (pid, name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// Start after an orderly stop, and what an idle service holds: its own memory and its code, the mapped index apart,
// which is page cache.
async function idleWith(here) {
  await stop(await here.serve());
  const started = [];
  let memory = 0;
  for (let turn = 0; turn < turns; turn++) {
    const ours = await here.serve();
    started.push(ours.startMs);
    await pause(500);
    memory = Math.max(memory, mib(ours.pid, 'VmRSS'));
    await stop(ours);
  }
  here.remove();
  return { startMs: median(started), memory };
}

export async function idle() {
  const small = await idleWith(await world());
  const large = await idleWith(await world(history(entries)));
  const size = (each) => `${each.memory.toFixed(1)} MiB`;
  return {
    title: 'An idle service',
    rows: [
      atMost(large.startMs, 100, { what: `start with ${count(entries)} entries`, own: `${large.startMs.toFixed(0)} ms`, beside: `with none ${small.startMs.toFixed(0)} ms`, unit: 'ms' }),
      atMost(small.memory, 16, { what: 'memory without entries, code included', own: size(small), unit: 'MiB' }),
      atMost(large.memory, 16, { what: `memory with ${count(entries)} entries`, own: size(large), beside: `with none ${size(small)}`, unit: 'MiB' }),
    ],
  };
}
