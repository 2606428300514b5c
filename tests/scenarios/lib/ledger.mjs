// A reader of the ledger that shares no code with the program: the form of docs and nothing else.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

// The whole lines of all segments, as values; a line that is still being written does not count.
export function readLedger(dataDir) {
  const folder = path.join(dataDir, 'ledger');
  const segments = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort() : [];
  const text = segments.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('');
  return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').slice(0, -1).map((line) => JSON.parse(line));
}

const digitsOf = (amount) => (amount.includes('.') ? amount.length - amount.indexOf('.') - 1 : 0);
export const minor = (amount) => BigInt(amount.replace('.', ''));

function checkPostings(entry) {
  const sums = new Map();
  for (const { currency, amount } of entry.postings ?? []) {
    const key = `${currency}/${digitsOf(amount)}`;
    sums.set(key, (sums.get(key) ?? 0n) + minor(amount));
  }
  for (const [key, sum] of sums) assert.equal(sum, 0n, `entry ${entry.seq}: ${key} sums to ${sum}`);
}

// Frame, chain, order and sums of everything; and that nothing is counted twice.
export function checkLedger(dataDir) {
  const folder = path.join(dataDir, 'ledger');
  let before = Buffer.alloc(32);
  let seq = 0;
  let time = '';
  const settled = new Set();
  const events = new Set();
  for (const name of fs.readdirSync(folder).filter((each) => each.endsWith('.jsonl')).sort()) {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    assert.equal(name, `${String(seq + 1).padStart(20, '0')}.jsonl`);
    assert.ok(text === '' || text.endsWith('\n'), `${name} does not end with a line's end`);
    for (const line of text.split('\n').slice(0, -1)) {
      const entry = JSON.parse(line);
      const content = line.slice(0, line.lastIndexOf(',"chain":'));
      before = createHash('sha256').update(before).update(content).digest();
      assert.equal(entry.seq, ++seq);
      assert.equal(entry.chain, before.toString('hex'), `the chain breaks at ${seq}`);
      assert.ok(entry.time >= time, `time goes back at ${seq}`);
      assert.ok(entry.synced < entry.seq);
      time = entry.time;
      checkPostings(entry);
      if (entry.kind === 'settled' || (entry.kind === 'unparked' && entry.status === 'settled')) {
        assert.ok(!settled.has(entry.payment), `payment ${entry.payment} is settled twice`);
        settled.add(entry.payment);
      }
      if (entry.event !== undefined && !['alarm', 'unparked'].includes(entry.kind)) {
        assert.ok(!events.has(entry.event), `event ${entry.event} is booked twice`);
        events.add(entry.event);
      }
    }
  }
  return readLedger(dataDir);
}

// Sums by account and currency, in minor units.
export function balances(entries) {
  const sums = {};
  for (const entry of entries)
    for (const { account, currency, amount } of entry.postings ?? []) {
      const key = `${account} ${currency}`;
      sums[key] = (sums[key] ?? 0n) + minor(amount);
    }
  return sums;
}
