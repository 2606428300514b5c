// One bench a function; each prints a table of what was measured and the ratio that it is about. Servers run on one
// core and the load on another; what is compared takes turns, and of the turns the median counts.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const pledger = path.join(root, 'build/release/pledger');
const program = (name) => path.join(root, 'build/bench', name);
const serverCore = '0';
const loadCore = os.cpus().length > 1 ? '1' : '0';
const turns = Number(process.env.TURNS ?? 5);
const secret = 'whsec_benchmarkbenchmarkbenchmark';
const apiKey = 'sk_test_benchmark';
const children = new Set();

/* ---- processes ---- */

process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

async function isOpen(port) {
  const socket = net.connect(port, '127.0.0.1');
  const open = await new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return open;
}

async function start(command, args, port, core = serverCore) {
  const child = spawn('taskset', ['-c', core, command, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  children.add(child);
  child.stderr.on('data', (text) => { said = `${said}${text}`.slice(-2000); });
  for (const from = Date.now(); !await isOpen(port); await pause(20))
    if (child.exitCode !== null || Date.now() - from > 60000) throw new Error(`${command} does not start: ${said}`);
  return child;
}

async function stop(child) {
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  child.kill('SIGTERM');
  await ended;
  children.delete(child);
}

async function load(kind, port, connections, requests, pid, first = 0) {
  const child = spawn('taskset', ['-c', loadCore, program('load'), kind, '127.0.0.1', String(port), String(connections), String(requests), String(pid), String(first)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (piece) => { text += piece; });
  await new Promise((resolve) => { child.once('close', resolve); });
  const result = JSON.parse(text);
  if (result.bad > 0) throw new Error(`${kind}: ${result.bad} requests were not answered well`);
  return result;
}

/* ---- numbers ---- */

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ratio = (a, b) => median(a.map((each, i) => each / b[i]));

function print(title, rows) {
  console.log(`\n## ${title}\n`);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  rows.forEach((row, i) => {
    console.log(`| ${row.map((cell, column) => String(cell).padEnd(widths[column])).join(' | ')} |`);
    if (i === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  });
}

/* ---- worlds ---- */

async function world(pledges) {
  const dir = fs.mkdtempSync(path.join(process.env.BENCH_DIR ?? os.tmpdir(), 'pledger-bench-'));
  const [port, operator, provider] = [await freePort(), await freePort(), await freePort()];
  const write = (name, text) => fs.writeFileSync(path.join(dir, name), text, { mode: 0o600 });
  fs.mkdirSync(path.join(dir, 'data'));
  write('hook', secret);
  write('key', apiKey);
  write('token', 'operator-token-of-the-benchmarks');
  write('pledger.json', JSON.stringify({
    organisation: { id: 'example', name: 'Example' },
    mode: 'test',
    data_dir: path.join(dir, 'data'),
    public: { listen: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` },
    operator: { listen: `127.0.0.1:${operator}`, token_file: 'token' },
    limits: { sessions_per_address_minute: 1000000, sessions_per_minute: 1000000 },
    accounts: [{ id: 'stripe', provider: 'stripe', key_file: 'key', webhook_secret_files: ['hook'], api_url: `http://127.0.0.1:${provider}` }],
    campaigns: [{ id: 'press', title: 'Press', currency: 'EUR', tiers: [{ id: 'friend', label: 'Friend', amount: '25.00', interval: 'once' }] }],
  }));
  if (pledges > 0) execFileSync(program('prepare'), [path.join(dir, 'data'), String(pledges), 'open']);
  return {
    dir, port, provider, config: path.join(dir, 'pledger.json'), data: path.join(dir, 'data'),
    serve: () => start(pledger, ['serve', '--config', path.join(dir, 'pledger.json')], port),
    remove: () => fs.rmSync(dir, { recursive: true }),
  };
}

/* ---- the benches ---- */

const requests = Number(process.env.REQUESTS ?? 20000);

async function webhook() {
  const here = await world((turns * 3 + 2) * requests);
  const others = {};
  const cpu = { pledger: [], bare: [], file: [], sqlite: [] };
  const rate = { one: [], many: [], most: [], disk: [] };
  let first = 0;
  const ours = await here.serve();
  for (const [name, command, args] of [
    ['bare', program('bare'), (port) => [String(port)]],
    ['file', process.execPath, (port) => [path.join(import.meta.dirname, 'beside/server.mjs'), String(port), secret, here.dir, 'file']],
    ['sqlite', process.execPath, (port) => [path.join(import.meta.dirname, 'beside/server.mjs'), String(port), secret, here.dir, 'sqlite']],
  ]) {
    const port = await freePort();
    others[name] = { port, child: await start(command, args(port), port) };
  }
  const paid = async (connections, count) => {
    const result = await load('webhook', here.port, connections, count, ours.pid, first);
    first += count;
    return result;
  };
  await paid(64, requests);
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, { port, child }] of Object.entries(others))
      cpu[name].push((await load('webhook', port, 64, name === 'bare' ? requests : requests / 4, child.pid, turn * requests)).cpu_us);
    const many = await paid(64, requests);
    cpu.pledger.push(many.cpu_us);
    rate.many.push(many.per_s);
    rate.most.push((await paid(1024, requests)).per_s);
    rate.one.push((await paid(1, Math.ceil(requests / 10))).per_s);
    rate.disk.push(JSON.parse(execFileSync(program('syncs'), [here.data, '1'])).per_s);
  }
  await stop(ours);
  for (const { child } of Object.values(others)) await stop(child);
  here.remove();
  print('A durable webhook: verified, decoded, decided, appended, synced (5 KB event, 64 connections, one core)', [
    ['what', 'CPU a request', 'pledger beside it'],
    ['pledger', `${median(cpu.pledger).toFixed(1)} µs`, ''],
    ['libmicrohttpd, answering without doing anything', `${median(cpu.bare).toFixed(1)} µs`, `${ratio(cpu.pledger, cpu.bare).toFixed(2)} times its CPU`],
    ['Node, Express, stripe; a file with fdatasync', `${median(cpu.file).toFixed(0)} µs`, `${ratio(cpu.file, cpu.pledger).toFixed(1)} times less CPU`],
    ['Node, Express, stripe; better-sqlite3', `${median(cpu.sqlite).toFixed(0)} µs`, `${ratio(cpu.sqlite, cpu.pledger).toFixed(1)} times less CPU`],
  ]);
  print('The same with few and many connections', [
    ['connections', 'webhooks a second', 'beside'],
    ['64', median(rate.many).toFixed(0), ''],
    ['1,024', median(rate.most).toFixed(0), `${ratio(rate.most, rate.many).toFixed(2)} of 64`],
    ['1', median(rate.one).toFixed(0), `${ratio(rate.one, rate.disk).toFixed(2)} of the disk's bare ${median(rate.disk).toFixed(0)} syncs a second`],
  ]);
}

async function pages() {
  const here = await world(0);
  const port = await freePort();
  const ours = await here.serve();
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
  const nginx = await start('nginx', ['-c', path.join(here.dir, 'nginx.conf'), '-p', here.dir], port);
  const worker = Number(execFileSync('pgrep', ['-P', String(nginx.pid)]));
  const rows = [['what', 'pledger', 'nginx, the same bytes from a file', 'pledger beside it']];
  for (const target of ['/', '/v1/tiers']) {
    const cpu = { pledger: [], nginx: [] };
    for (let turn = 0; turn < turns; turn++) {
      cpu.nginx.push((await load(target, port, 64, requests * 2, worker)).cpu_us);
      cpu.pledger.push((await load(target, here.port, 64, requests * 2, ours.pid)).cpu_us);
    }
    rows.push([`GET ${target}`, `${median(cpu.pledger).toFixed(1)} µs`, `${median(cpu.nginx).toFixed(1)} µs`, `${ratio(cpu.pledger, cpu.nginx).toFixed(2)} times its CPU`]);
  }
  await stop(ours);
  await stop(nginx);
  here.remove();
  print('Pages (64 connections, one core)', rows);
}

async function checkout() {
  const here = await world(0);
  const sandbox = await start(pledger, ['sandbox', '--listen', `127.0.0.1:${here.provider}`, '--key-file', path.join(here.dir, 'key')], here.provider, loadCore);
  const slow = await fetch(`http://127.0.0.1:${here.provider}/sandbox/misbehave`, { method: 'POST', body: '{"answer_delay_ms":300}', headers: { 'content-type': 'application/json' } });
  if (!slow.ok) throw new Error(await slow.text());
  const cpu = { pledger: [], bare: [] };
  let memory = 0;
  for (let turn = 0; turn < Math.min(turns, 3); turn++) {
    const ours = await here.serve();
    const result = await load('checkout', here.port, 5000, 5000, ours.pid);
    cpu.pledger.push(result.cpu_us);
    memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${ours.pid}/status`, 'utf8'))[1]));
    await stop(ours);
    const bare = spawnSync('taskset', ['-c', serverCore, program('calls'), `http://127.0.0.1:${here.provider}/v1/checkout/sessions`, apiKey, '5000', '256'], { encoding: 'utf8' });
    if (bare.status !== 0) throw new Error(`calls: ${bare.stdout}${bare.stderr}`);
    cpu.bare.push(JSON.parse(bare.stdout).cpu_us);
  }
  await stop(sandbox);
  here.remove();
  print('5,000 checkouts at once, 256 of them at a provider that takes 300 ms', [
    ['what', 'CPU a checkout', ''],
    ['pledger: 5,000 of 5,000 completed', `${median(cpu.pledger).toFixed(0)} µs`, `${(memory / 1024).toFixed(0)} MiB of memory at most`],
    ['a bare libcurl multi loop', `${median(cpu.bare).toFixed(0)} µs`, `pledger takes ${ratio(cpu.pledger, cpu.bare).toFixed(2)} times its CPU`],
  ]);
}

async function memory() {
  const rows = [['entries', 'memory of its own', 'resident, code included', 'start after an orderly stop']];
  for (const entries of [0, 1000000]) {
    const here = await world(entries);
    const from = process.hrtime.bigint();
    const ours = await here.serve();
    const startMs = Number(process.hrtime.bigint() - from) / 1e6;
    await pause(1500);
    const status = fs.readFileSync(`/proc/${ours.pid}/status`, 'utf8');
    const mib = (name) => (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024).toFixed(1);
    rows.push([entries.toLocaleString('en'), `${mib('RssAnon')} MiB`, `${mib('VmRSS')} MiB`, `${startMs.toFixed(0)} ms`]);
    await stop(ours);
    here.remove();
  }
  print('An idle service', rows);
}

/* ---- whole ledgers: wall time and CPU of a command ---- */

function timed(command, args, options = {}) {
  const from = process.hrtime.bigint();
  const result = spawnSync('taskset', ['-c', serverCore, command, ...args], { stdio: ['ignore', options.out ?? 'ignore', 'pipe'], ...options, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${args[0]}: ${result.stderr}`);
  return Number(process.hrtime.bigint() - from) / 1e9;
}

const ledgerFiles = (here) => fs.readdirSync(path.join(here.data, 'ledger')).filter((name) => name.endsWith('.jsonl')).sort().map((name) => path.join(here.data, 'ledger', name));

async function settledWorld(gifts) {
  const here = await world(gifts);
  const ours = await here.serve();
  await load('webhook', here.port, 64, gifts, ours.pid);
  await stop(ours);
  return here;
}

async function verify() {
  const here = await world(1000000);
  const bytes = ledgerFiles(here).reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const took = { pledger: [], openssl: [] };
  for (let turn = 0; turn < turns; turn++) {
    took.openssl.push(timed('openssl', ['dgst', '-sha256', ...ledgerFiles(here)]));
    took.pledger.push(timed(pledger, ['verify', '--data-dir', here.data]));
  }
  here.remove();
  print(`Verifying a ledger of ${(bytes / 1e6).toFixed(0)} MB`, [
    ['what', 'seconds', 'MB a second'],
    ['pledger verify', median(took.pledger).toFixed(2), (bytes / 1e6 / median(took.pledger)).toFixed(0)],
    ['openssl dgst -sha256', median(took.openssl).toFixed(2), (bytes / 1e6 / median(took.openssl)).toFixed(0)],
    ['ratio', ratio(took.pledger, took.openssl).toFixed(2), ''],
  ]);
}

async function exporting() {
  const gifts = Number(process.env.GIFTS ?? 1000000);
  const here = await settledWorld(gifts);
  const csv = path.join(here.dir, 'gifts.csv');
  const db = path.join(here.dir, 'gifts.db');
  const toFile = (command, args) => {
    const out = fs.openSync(csv, 'w');
    const seconds = timed(command, args, { out });
    fs.closeSync(out);
    return seconds;
  };
  toFile(pledger, ['export', '--data-dir', here.data, '--profile', 'gifts']);
  execFileSync('sqlite3', [db, '.mode csv', `.import ${csv} gifts`]);
  const took = { pledger: [], sqlite: [] };
  for (let turn = 0; turn < Math.min(turns, 3); turn++) {
    took.sqlite.push(toFile('sqlite3', ['-csv', '-header', db, 'select * from gifts']));
    took.pledger.push(toFile(pledger, ['export', '--data-dir', here.data, '--profile', 'gifts']));
  }
  const rows = Number(execFileSync('wc', ['-l', csv], { encoding: 'utf8' }).split(' ')[0]) - 1;
  here.remove();
  print(`Exporting ${rows.toLocaleString('en')} gifts to CSV`, [
    ['what', 'seconds'],
    ['pledger export', median(took.pledger).toFixed(2)],
    ['sqlite3 -csv, the same rows from a table', median(took.sqlite).toFixed(2)],
    ['ratio', ratio(took.pledger, took.sqlite).toFixed(2)],
  ]);
}

async function rebuild() {
  const entries = 1000000;
  const here = await world(entries);
  const took = [];
  for (let turn = 0; turn < Math.min(turns, 3); turn++) took.push(timed(pledger, ['rebuild', '--data-dir', here.data]));
  here.remove();
  print('Making the index anew', [
    ['entries', 'seconds', 'entries a second'],
    [entries.toLocaleString('en'), median(took).toFixed(2), Math.round(entries / median(took)).toLocaleString('en')],
  ]);
}

const benches = { webhook, pages, checkout, verify, export: exporting, rebuild, memory };
const wanted = process.argv.slice(2);

for (const name of wanted)
  if (!benches[name]) {
    console.error(`there is no bench "${name}", but ${Object.keys(benches).join(', ')}`);
    process.exit(2);
  }
console.log(`${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores of ${os.cpus()[0].model}, Linux ${os.release()}; ${turns} turns, load average ${os.loadavg()[0].toFixed(2)}`);
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) await benches[name]();
