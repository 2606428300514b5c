// Kills the service at a call that a test names (tools/kill_at.c says how they are named).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { preloaded } from './processes.mjs';
import { waitFor } from './wait.mjs';

export class Killer {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pledger-kill-'));
    this.order = path.join(this.folder, 'order');
    const shim = path.join(this.folder, 'kill_at.so');
    const source = path.join(import.meta.dirname, '../tools/kill_at.c');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', shim, source], { stdio: ['ignore', 'inherit', 'inherit'] });
    this.environment = { ...preloaded(shim), KILL_AT: this.order };
  }

  at(call, when, what, count = 1) {
    fs.writeFileSync(`${this.order}.new`, `${call} ${when} ${count} ${what}\n`);
    fs.renameSync(`${this.order}.new`, this.order);
  }

  disarm() {
    fs.rmSync(this.order, { force: true });
  }

  // The service has died by the given order, and by nothing else.
  async done(world) {
    await waitFor('the service to be killed', () => !world.service.running);
    await world.service.ended;
    assert.equal(world.service.signal, 'SIGKILL', world.service.stderr);
    world.service.assertClean();
    world.checkLog();
    this.disarm();
  }

  remove() {
    fs.rmSync(this.folder, { recursive: true });
  }
}
