// Processes of a bench: servers on one core, what loads them on another. None outlives the bench.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');
export const pledger = path.join(root, 'build/release/pledger');
export const program = (name) => path.join(root, 'build/bench', name);
export const serverCore = '0';
export const loadCore = os.cpus().length > 1 ? '1' : '0';
export const turns = Number(process.env.TURNS ?? 5);

const children = new Set();
const folders = new Set();

process.on('exit', () => {
  children.forEach((child) => child.kill('SIGKILL'));
  folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true }));
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// A folder that is gone when the bench is over. BENCH_DIR says on which disk.
export function folder() {
  const made = fs.mkdtempSync(path.join(process.env.BENCH_DIR ?? os.tmpdir(), 'pledger-bench-'));
  folders.add(made);
  return made;
}

export function remove(made) {
  fs.rmSync(made, { recursive: true });
  folders.delete(made);
}

export async function freePort() {
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

// Start a server and wait until it takes connections; `startMs` says how long that took.
export async function start(command, args, port, core = serverCore) {
  const from = process.hrtime.bigint();
  const child = spawn('taskset', ['-c', core, command, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  children.add(child);
  child.stderr.on('data', (text) => { said = `${said}${text}`.slice(-2000); });
  for (const begun = Date.now(); !await isOpen(port); await pause(1))
    if (child.exitCode !== null || Date.now() - begun > 60000) throw new Error(`${command} does not start: ${said}`);
  child.startMs = Number(process.hrtime.bigint() - from) / 1e6;
  return child;
}

export async function stop(child) {
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  child.kill('SIGTERM');
  await ended;
  children.delete(child);
}

// Send requests of a kind (load.c says which there are) and hear what they cost the process `pid`.
export async function load(kind, port, connections, requests, pid, first = 0) {
  const args = [kind, '127.0.0.1', port, connections, requests, pid, first].map(String);
  const child = spawn('taskset', ['-c', loadCore, program('load'), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  children.add(child);
  child.stdout.on('data', (piece) => { text += piece; });
  await new Promise((resolve) => { child.once('close', resolve); });
  children.delete(child);
  const result = JSON.parse(text);
  if (result.bad > 0) throw new Error(`${kind}: ${result.bad} requests were not answered well`);
  return result;
}

// How many seconds a command takes: on the whole machine, as whoever types it waits for it, or on the servers' core.
export function timed(command, args, { out = 'ignore', core = null } = {}) {
  const [program_, ...rest] = core === null ? [command, ...args] : ['taskset', '-c', core, command, ...args];
  const from = process.hrtime.bigint();
  const result = spawnSync(program_, rest, { stdio: ['ignore', out, 'pipe'], encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${args[0]}: ${result.stderr}`);
  return Number(process.hrtime.bigint() - from) / 1e9;
}

// The same of a command whose product goes into a file.
export function timedInto(file, command, args) {
  const out = fs.openSync(file, 'w');
  const seconds = timed(command, args, { out });
  fs.closeSync(out);
  return seconds;
}

// What a program of ours prints: one JSON object.
export const says = (name, args, core = serverCore) => JSON.parse(execFileSync('taskset', ['-c', core, program(name), ...args.map(String)], { encoding: 'utf8' }));
