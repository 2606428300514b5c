// Runs the benches that are named, or all; prints what each measured, and at the end how many of the aims were
// reached. One file a bench: its functions are the benches, each returns a title and its rows.
import { execFileSync } from 'node:child_process';
import os from 'node:os';

import { checkout } from './checkout.mjs';
import { exporting, idle, rebuild, verify } from './ledgers.mjs';
import { turns } from './machine.mjs';
import { pages } from './pages.mjs';
import { print } from './report.mjs';
import { connections, webhook } from './webhook.mjs';

const benches = { webhook, connections, pages, checkout, verify, export: exporting, rebuild, idle };
const wanted = process.argv.slice(2);

for (const name of wanted)
  if (!benches[name]) {
    console.error(`there is no bench "${name}", but ${Object.keys(benches).join(', ')}`);
    process.exit(2);
  }

const version = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim().split('\n')[0];
const packages = execFileSync('dpkg-query', ['-W', '-f=${Package} ${Version}, ', 'libmicrohttpd12', 'libcurl4', 'nginx-light', 'sqlite3', 'openssl'], { encoding: 'utf8' });
console.log(`${new Date().toISOString().slice(0, 16)}, ${os.cpus().length} cores of ${os.cpus()[0].model}, Linux ${os.release()}`);
console.log(`${version('gcc', '--version')}; ${packages}Node ${process.version}`);
console.log(`${turns} turns; load average ${os.loadavg()[0].toFixed(1)}`);

let reached = 0;
let aims = 0;
let failed = false;
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  try {
    const { title, rows } = await benches[name]();
    print(title, rows);
    aims += rows.length;
    reached += rows.filter((row) => row.reached).length;
  } catch (error) {
    console.log(`\n## ${name}: not measured\n\n${error.message}`);
    failed = true;
  }
}
console.log(`\n${reached} of ${aims} reached; load average ${os.loadavg()[0].toFixed(1)}`);
process.exit(failed ? 1 : 0);
