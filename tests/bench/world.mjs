// An installation with a campaign, a tier and an account at a provider that stands on a port of this machine.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { folder, freePort, pledger, program, remove, start } from './machine.mjs';

export const secret = 'whsec_benchmarkbenchmarkbenchmark';
export const apiKey = 'sk_test_benchmark';

// `fill` puts a ledger into the data directory, which is not there yet.
export async function world(fill = (data) => fs.mkdirSync(data)) {
  const dir = folder();
  const data = path.join(dir, 'data');
  const config = path.join(dir, 'pledger.json');
  const [port, operator, provider] = [await freePort(), await freePort(), await freePort()];
  const write = (name, text) => fs.writeFileSync(path.join(dir, name), text, { mode: 0o600 });
  write('hook', secret);
  write('key', apiKey);
  write('token', 'operator-token-of-the-benchmarks');
  write('pledger.json', JSON.stringify({
    organisation: { id: 'example', name: 'Example' },
    mode: 'test',
    data_dir: data,
    public: { listen: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` },
    operator: { listen: `127.0.0.1:${operator}`, token_file: 'token' },
    limits: { sessions_per_address_minute: 1000000, sessions_per_minute: 1000000 },
    accounts: [{ id: 'stripe', provider: 'stripe', key_file: 'key', webhook_secret_files: ['hook'], api_url: `http://127.0.0.1:${provider}` }],
    campaigns: [{ id: 'press', title: 'Press', currency: 'EUR', tiers: [{ id: 'friend', label: 'Friend', amount: '25.00', interval: 'once' }] }],
  }));
  fill(data);
  return { dir, data, config, port, provider, serve: () => start(pledger, ['serve', '--config', config], port), remove: () => remove(dir) };
}

// Pledges for `load` to pay.
export const pledges = (count) => (data) => {
  fs.mkdirSync(data);
  execFileSync(program('prepare'), [data, String(count)]);
};

// A ledger of that many entries, half of them gifts.
export const history = (entries) => (data) => execFileSync(program('history'), [data, String(entries)]);

export const ledgerFiles = (here) => fs.readdirSync(path.join(here.data, 'ledger')).filter((name) => name.endsWith('.jsonl')).sort()
  .map((name) => path.join(here.data, 'ledger', name));
