// Children that are never left behind, and whose every word is kept.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { waitFor } from './wait.mjs';

export const root = path.join(import.meta.dirname, '../../..');
export const pledger = path.resolve(process.env.PLEDGER ?? path.join(root, 'build/asan/pledger'));

// The environment in which the service has a library before all others, but for the sanitizer's, which
// insists on being the first.
export function preloaded(library) {
  const asan = /=> (\S*libasan\S*)/.exec(execFileSync('ldd', [pledger], { encoding: 'utf8' }));
  return { LD_PRELOAD: [...(asan ? [asan[1]] : []), library].join(' ') };
}

const living = new Set();

// Even a test run that is cut short leaves nobody behind.
process.on('exit', () => living.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => process.exit(1));

// What a sanitizer or an assertion says before the process ends.
const complaint = /AddressSanitizer|LeakSanitizer|ThreadSanitizer|UndefinedBehavior|runtime error:|Assertion .* failed|stack smashing|MHD_PANIC|Fatal error in GNU libmicrohttpd/;

export class Child {
  constructor(command, args, options = {}) {
    this.name = `${path.basename(command)} ${args[0]}`;
    this.stdout = '';
    this.stderr = '';
    this.process = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    living.add(this.process);
    this.process.stdout.setEncoding('utf8').on('data', (text) => { this.stdout += text; });
    this.process.stderr.setEncoding('utf8').on('data', (text) => { this.stderr += text; });
    this.ended = new Promise((resolve) => this.process.on('close', (code, signal) => {
      living.delete(this.process);
      this.code = code;
      this.signal = signal;
      resolve();
    }));
    this.process.on('error', (error) => { this.stderr += String(error); });
  }

  get running() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  // Wait for words on either output; fails at once when the child ends without having said them.
  async says(pattern, limit) {
    return waitFor(`${this.name} to say ${pattern}`, () => {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (!found && !this.running)
        throw new Error(`${this.name} ended (${this.process.exitCode ?? this.process.signalCode}): ${this.stdout}${this.stderr}`);
      return found;
    }, limit);
  }

  interrupt(signal) {
    if (this.running) this.process.kill(signal);
  }

  async kill() {
    this.interrupt('SIGKILL');
    await this.ended;
    this.assertClean();
  }

  // An orderly end, which must be one.
  async stop(limit = 30000) {
    this.interrupt('SIGTERM');
    const timer = setTimeout(() => this.interrupt('SIGKILL'), limit);
    await this.ended;
    clearTimeout(timer);
    this.assertClean();
    assert.equal(this.code ?? this.signal, 0, `${this.name} ended with ${this.code ?? this.signal}\n${this.stderr.slice(-4000)}`);
  }

  assertClean() {
    const found = complaint.exec(this.stderr);
    assert.equal(found, null, found && `${this.name}: ${this.stderr.slice(found.index, found.index + 4000)}`);
  }
}

const isFree = (port) => new Promise((resolve) => {
  const server = net.createServer().once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

// Ports that tests of this machine have taken, a file each with the process in it: while one test has killed its service,
// another must not take its port.
const taken = path.join(os.tmpdir(), `pledger-test-ports-${process.getuid()}`);
const ours = new Set();
process.on('exit', () => ours.forEach((file) => fs.rmSync(file, { force: true })));

const isAlive = (pid) => {
  try { return process.kill(pid, 0); } catch (error) { return error.code !== 'ESRCH'; }
};

function take(port) {
  const file = path.join(taken, String(port));
  try {
    fs.mkdirSync(taken, { recursive: true });
    if (fs.existsSync(file) && !isAlive(Number(fs.readFileSync(file, 'utf8')))) fs.rmSync(file, { force: true });
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes(error.code)) return false;
    throw error;
  }
  ours.add(file);
  return true;
}

// A port that nobody listens on or will, below those that the kernel hands out to whoever connects.
export async function freePort() {
  for (;;) {
    const port = 10000 + Math.floor(Math.random() * 20000);
    if (take(port) && await isFree(port)) return port;
  }
}
