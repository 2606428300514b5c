// The clocks of a world's service and provider, which can be moved ahead while they run (tools/clocks.c).
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { preloaded } from './processes.mjs';

export class Clocks {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pledger-clocks-'));
    const shim = path.join(this.folder, 'clocks.so');
    const source = path.join(import.meta.dirname, '../tools/clocks.c');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', shim, source], { stdio: ['ignore', 'inherit', 'inherit'] });
    this.ahead = path.join(this.folder, 'ahead');
    this.environment = { ...preloaded(shim), CLOCKS_AHEAD: this.ahead };
    this.seconds = 0;
    this.pass(0);
  }

  // So many seconds pass. The file is written in place: it is mapped.
  pass(seconds) {
    this.seconds += seconds;
    const bytes = new BigInt64Array([BigInt(Math.round(this.seconds * 1e6))]);
    const fd = fs.openSync(this.ahead, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
    fs.writeSync(fd, new Uint8Array(bytes.buffer), 0, 8, 0);
    fs.closeSync(fd);
  }

  // The time there, in seconds since 1970.
  now() {
    return Math.floor(Date.now() / 1000 + this.seconds);
  }

  remove() {
    fs.rmSync(this.folder, { recursive: true });
  }
}
