// 5,000 donors press the button at once; 256 of them are at the provider, which takes 300 ms to answer.
import path from 'node:path';
import fs from 'node:fs';

import { load, loadCore, pledger, says, start, stop, turns } from './machine.mjs';
import { atLeast, atMost, median, micro, ratio } from './report.mjs';
import { apiKey, world } from './world.mjs';

const donors = 5000;
const atProvider = 256;

const mostMemoryMiB = (pid) => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function provider(here) {
  const sandbox = await start(pledger, ['sandbox', '--listen', `127.0.0.1:${here.provider}`, '--key-file', path.join(here.dir, 'key')], here.provider, loadCore);
  const slow = await fetch(`http://127.0.0.1:${here.provider}/sandbox/misbehave`, {
    method: 'POST', body: '{"answer_delay_ms":300}', headers: { 'content-type': 'application/json' },
  });
  if (!slow.ok) throw new Error(`the sandbox refuses: ${await slow.text()}`);
  return sandbox;
}

// Each turn with an installation of its own: none finds the sessions of the turn before it in its index.
async function turn() {
  const here = await world();
  const sandbox = await provider(here);
  const ours = await here.serve();
  const result = await load('checkout', here.port, donors, donors, ours.pid);
  const memory = mostMemoryMiB(ours.pid);
  await stop(ours);
  const bare = says('calls', [`http://127.0.0.1:${here.provider}/v1/checkout/sessions`, apiKey, donors, atProvider]).cpu_us;
  await stop(sandbox);
  here.remove();
  return { pledger: result.cpu_us, bare, memory, completed: result.good };
}

export async function checkout() {
  const all = [];
  for (let i = 0; i < Math.min(turns, 3); i++) all.push(await turn());
  const [cpu, bare, memory, completed] = ['pledger', 'bare', 'memory', 'completed'].map((what) => all.map((one) => one[what]));
  return {
    title: `${donors.toLocaleString('en')} checkouts at once, ${atProvider} of them at a provider that takes 300 ms`,
    rows: [
      atLeast(Math.min(...completed), donors, { what: 'all are answered', own: `${donors}`, unit: 'completed', digits: 0 }),
      atMost(ratio(cpu, bare), 3, { what: 'CPU a checkout', own: micro(median(cpu)), beside: `a bare libcurl multi loop ${micro(median(bare))}`, unit: 'times its CPU' }),
      atMost(Math.max(...memory), 72, { what: 'memory at most, code included', own: `${Math.max(...memory).toFixed(0)} MiB`, unit: 'MiB' }),
    ],
  };
}
