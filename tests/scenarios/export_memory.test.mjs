// How much an export holds: nothing that grows with the ledger, and of gifts about 64 bytes for a payment of the period.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Forge } from './lib/forge.mjs';

const pledger = process.env.PLEDGER;
const few = 2_000;
const many = 42_000;
const MiB = 1024;
// ThreadSanitizer remembers each eight bytes that were touched in some more of its own.
const shadow = fs.readFileSync(pledger).includes('__tsan_init') ? 4 : 1;
let small;
let large;

function forged(count) {
  const forge = new Forge();
  for (let i = 0; i < count; i++) {
    forge.gift(i);
    forge.cleared(i);
  }
  forge.end();
  return forge;
}

// The most that the process held, in KiB. A sanitizer's store of freed memory is not the program's.
function peak(forge, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(pledger, ['export', '--data', forge.dir, ...args], { env: { ...process.env, ASAN_OPTIONS: 'quarantine_size_mb=0:detect_leaks=0' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let most = 0;
    const look = () => {
      const found = /^VmHWM:\s+(\d+) kB$/m.exec(fs.existsSync(`/proc/${child.pid}/status`) ? fs.readFileSync(`/proc/${child.pid}/status`, 'utf8') : '');
      if (found) most = Math.max(most, Number(found[1]));
    };
    let errors = '';
    child.stdout.on('data', look);
    child.stderr.on('data', (text) => { errors += text; });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(most) : reject(new Error(errors))));
  });
}

before(() => {
  small = forged(few);
  large = forged(many);
});
after(() => {
  small?.remove();
  large?.remove();
});

describe('what an export holds', () => {
  for (const profile of ['journal', 'quickbooks', 'hledger', 'payouts']) {
    test(`${profile} holds as much of a large ledger as of a small one`, async () => {
      const [little, much] = [await peak(small, '--profile', profile), await peak(large, '--profile', profile)];
      assert.ok(much - little < 2 * MiB, `${little} KiB of ${few} payments, ${much} KiB of ${many}`);
    });
  }

  test('gifts hold about 64 bytes more for a payment more', async () => {
    const [little, much] = [await peak(small), await peak(large)];
    const each = ((much - little) * 1024) / (many - few);
    assert.ok(each < 110 * shadow, // a sanitizer's own is in it; 63 in a release build
      `${each} bytes a payment: ${little} KiB of ${few} payments, ${much} KiB of ${many}`);
  });

  test('gifts of a short period of a large ledger hold as much as those of a small ledger', async () => {
    const [little, much] = [await peak(small, '--to', '2026-01-01T00:10:00Z'), await peak(large, '--to', '2026-01-01T00:10:00Z')];
    const late = await peak(large, '--from', '2026-01-02T10:00:00Z');
    assert.ok(much - little < MiB, `${little} KiB, ${much} KiB`);
    assert.ok(late - little < 2 * MiB, `${little} KiB, ${late} KiB`);
  });
});
