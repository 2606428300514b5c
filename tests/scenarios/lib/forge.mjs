// Ledgers written line by line, for what no provider would tell us or would take too long to tell: by docs/ledger.md alone.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const digits = '0123456789abcdefghjkmnpqrstvwxyz';

// The n-th pledge's id: 26 characters for 128 bits, the first of which holds three.
export function pledgeId(number) {
  const bits = (BigInt(1700000000000) << 80n) + BigInt(number) * 0x9e3779b97f4a7c15n % (1n << 80n);
  let text = '';
  for (let i = 25n; i >= 0n; i--) text += digits[Number((bits >> (i * 5n)) & 31n)];
  return `plg_${text}`;
}

export class Forge {
  #chain = Buffer.alloc(32);
  #seq = 0;
  #micros = BigInt(Date.UTC(2026, 0, 1)) * 1000n;
  #file;
  #waiting = [];

  constructor() {
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pledger-forged-'));
    fs.mkdirSync(path.join(this.dir, 'ledger'), { mode: 0o700 });
    this.#file = fs.openSync(path.join(this.dir, 'ledger', '00000000000000000001.jsonl'), 'w', 0o600);
    this.add({ kind: 'opened', ledger: '00112233445566778899aabbccddeeff', organisation: 'example', mode: 'test', format: 1 });
  }

  // Members behind `time`, in the ledger's order; each entry is a second behind the one before.
  add(members) {
    this.#micros += 1000000n;
    const time = `${new Date(Number(this.#micros / 1000n)).toISOString().slice(0, 19)}.000000Z`;
    const text = JSON.stringify({ seq: ++this.#seq, time, ...members, synced: this.#seq - 1 }).slice(0, -1);
    this.#chain = createHash('sha256').update(this.#chain).update(text).digest();
    this.#waiting.push(`${text},"chain":"${this.#chain.toString('hex')}"}\n`);
    if (this.#waiting.length === 1000) this.#flush();
    return time;
  }

  // A gift of the n-th pledge, pledged and settled.
  gift(number, { event = `evt_${number}`, payment = `pi_${number}`, amount = '25.00', campaign = 'press', tier = 'friend' } = {}) {
    const pledge = pledgeId(number);
    const refs = { session: `cs_${number}` };
    this.add({ kind: 'pledged', account: 'stripe', pledge, refs, campaign, tier, interval: 'once', amount, currency: 'EUR' });
    return this.add({ kind: 'settled', at: '2026-01-01T00:00:00Z', account: 'stripe', event, pledge, payment, refs, amount, currency: 'EUR',
      postings: [{ account: 'assets:provider:stripe', currency: 'EUR', amount }, { account: `income:donations:${campaign}:${tier}`, currency: 'EUR', amount: `-${amount}` }] });
  }

  // What the balance says of the n-th payment.
  cleared(number, { payment = `pi_${number}`, amount = '25.00', fee = '0.98', net = '24.02', campaign = 'press' } = {}) {
    return this.add({ kind: 'cleared', account: 'stripe', pledge: pledgeId(number), payment, amount, currency: 'EUR', settlement: amount, settlement_currency: 'EUR', fee, net, lines: 1,
      postings: [{ account: 'assets:provider:stripe', currency: 'EUR', amount: `-${fee}` }, { account: `expenses:fees:stripe:${campaign}`, currency: 'EUR', amount: fee }] });
  }

  #flush() {
    fs.writeSync(this.#file, this.#waiting.join(''));
    this.#waiting = [];
  }

  // Written; the folder to export from.
  end() {
    this.#flush();
    fs.closeSync(this.#file);
    return this.dir;
  }

  remove() {
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}
