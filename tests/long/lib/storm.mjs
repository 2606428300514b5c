// A crowd of donors, and a provider that tells each event again until it is heard: everything at once, on
// many connections, while the service is cut off in the middle of it. Remembers what was acknowledged, and
// holds the ledger and every answer against that.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { checkLedger, minor } from '../../scenarios/lib/ledger.mjs';
import { event, newId, paidSession } from '../../scenarios/lib/stripe.mjs';
import { randomOf } from '../../scenarios/lib/wait.mjs';

const tiers = { 'gift-25': [2500, 'eur'], 'box-100': [10000, 'usd'], 'kyoto-3000': [3000, 'jpy'] };
const lanes = 12;

const pick = (random, list) => list[Math.floor(random() * list.length)];

// Segments as small as may be, so that many end and begin under the load.
export const smallSegments = (config) => Object.assign(config.limits, { segment_kib: 16 });
export const segments = (world) => fs.readdirSync(path.join(world.data, 'ledger')).filter((name) => name.endsWith('.jsonl'));

// What a failed promise may be: the connection broke. A broken promise of ours is not.
const orNull = (promise) => promise.catch((error) => {
  if (error.name === 'AssertionError') throw error;
  return null;
});

export class Storm {
  constructor(world) {
    this.world = world;
    this.pledges = []; // whose donors got an address
    this.payments = []; // one to a pledge, with the events that tell of it
    this.told = []; // every event ever delivered: { event, kind, acknowledged }
    this.lines = []; // the ledger as it was last seen whole
    this.deaf = false; // from the moment on in which the power fails: no answer reaches anybody
  }

  /* ---- what happens ---- */

  async press(random, agent) {
    const tier = pick(random, Object.keys(tiers));
    const answer = await orNull(this.world.press(tier, { headers: {}, agent }));
    if (answer === null || this.deaf) return;
    assert.ok([201, 503].includes(answer.status), answer.text);
    if (answer.status !== 201) return;
    const { pledge, url, receipt_url: receipt } = answer.json;
    this.pledges.push({ pledge, tier, session: url.slice(url.lastIndexOf('/') + 1), receipt: receipt.slice(receipt.lastIndexOf('/') + 1) });
  }

  // Deliver, as a provider does: only 200 counts, everything else is to be tried again.
  async tell(record, agent) {
    const answer = await orNull(this.world.deliver(record.event, { agent }));
    if (answer === null || this.deaf) return;
    assert.ok([200, 503].includes(answer.status), answer.text);
    if (answer.status === 200) record.acknowledged = true;
  }

  note(kind, event_, rest = {}) {
    const record = { kind, event: event_, acknowledged: false, ...rest };
    this.told.push(record);
    return record;
  }

  session(payment, rest) {
    const [units, currency] = tiers[payment.pledge.tier];
    return paidSession(payment.pledge.pledge, payment.pledge.session, units, currency, { payment_intent: payment.id, ...rest });
  }

  // A pledge is paid, at once or by a slow debit that is told before.
  async pay(random, agent) {
    const pledge = this.pledges[this.payments.length];
    if (pledge === undefined) return;
    const payment = { id: newId('pi'), pledge };
    this.payments.push(payment);
    if (random() < 0.3)
      await this.tell(this.note('pending', event('checkout.session.completed', this.session(payment, { payment_status: 'unpaid' })), { payment }), agent);
    if (random() < 0.9) await this.settle(payment, agent);
  }

  settle(payment, agent) {
    return this.tell(this.note('settled', event('checkout.session.completed', this.session(payment)), { payment }), agent);
  }

  // The same payment, told by another event.
  async twin(random, agent) {
    const payment = pick(random, this.payments);
    if (payment) await this.tell(this.note('settled', event('checkout.session.async_payment_succeeded', this.session(payment)), { payment }), agent);
  }

  async again(random, agent) {
    const record = pick(random, this.told);
    if (record) await this.tell(record, agent);
  }

  // One event on many connections at the same moment.
  async atOnce(random) {
    const payment = pick(random, this.payments);
    if (!payment) return;
    const record = this.note('settled', event('checkout.session.completed', this.session(payment)), { payment });
    await Promise.all(Array.from({ length: 8 }, () => this.tell(record, false)));
  }

  // Money for a pledge that nobody made.
  stranger(random, agent) {
    const letters = '0123456789abcdefghjkmnpqrstvwxyz';
    const pledge = `plg_01m8${Array.from({ length: 22 }, () => pick(random, letters)).join('')}`;
    return this.tell(this.note('parked', event('checkout.session.completed', paidSession(pledge, newId('cs_test'), 2500, 'eur'))), agent);
  }

  // An id that stands in the books comes with other content.
  async altered(random, agent) {
    const booked = new Set(this.lines.filter(({ kind }) => kind === 'settled').map(({ event: id }) => id));
    const record = pick(random, this.told.filter(({ kind, event: { id } }) => kind === 'settled' && booked.has(id)));
    if (!record || record.altered) return;
    const copy = structuredClone(record.event);
    copy.data.object.amount_total += 1;
    record.altered = true;
    await this.tell(this.note('alarm', copy), agent);
  }

  act(random, agent) {
    const acts = [
      [0.2, this.press], [0.5, this.pay], [0.65, this.twin], [0.8, this.again], [0.86, this.atOnce], [0.95, this.stranger], [1, this.altered],
    ];
    return acts.find(([below]) => random.last < below)[1].call(this, random, agent);
  }

  async lane(random) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (this.blowing) {
      random.last = random();
      await this.act(random, agent);
      // A dead service refuses at once: the event loop must come to see it.
      await new Promise(setImmediate);
    }
    agent.destroy();
  }

  // Begin; `calm` ends it once everybody has been answered or cut off.
  blow(seed) {
    this.blowing = true;
    this.inTheAir = Promise.all(Array.from({ length: lanes }, (_, i) => this.lane(randomOf(seed * lanes + i))));
    this.inTheAir.catch(() => {}); // told by calm
  }

  async calm() {
    this.blowing = false;
    await this.inTheAir;
  }

  // Whatever was never acknowledged is told again, until it is.
  async tellAll() {
    for (const record of this.told.filter(({ acknowledged }) => !acknowledged)) {
      await this.tell(record, false);
      assert.ok(record.acknowledged, 'a service in good health acknowledges');
    }
  }

  /* ---- what must be true ---- */

  // What was seen whole stays as it was, what was acknowledged is there once, and nothing is there that nobody told.
  checkBooks() {
    const lines = checkLedger(this.world.data);
    assert.deepEqual(lines.slice(0, this.lines.length), this.lines, 'a line that had been durable has changed or is gone');
    this.lines = lines;
    const count = new Map();
    for (const { kind, event: id, pledge, payment } of lines)
      for (const key of new Set([`${kind} ${id}`, `${kind} ${payment}`, `${kind} ${pledge}`])) count.set(key, (count.get(key) ?? 0) + 1);
    const times = (kind, id) => count.get(`${kind} ${id}`) ?? 0;
    for (const { pledge } of this.pledges) assert.equal(times('pledged', pledge), 1, `lost: ${pledge}, whose donor has an address`);
    for (const record of this.told) this.checkRecord(record, times);
    const known = new Set(this.told.map(({ event: { id } }) => id));
    for (const line of lines) assert.ok(line.event === undefined || known.has(line.event), `nobody told of ${line.event}`);
  }

  checkRecord({ kind, event: { id }, payment, acknowledged }, times) {
    const subject = payment ? payment.id : id;
    const booked = times(kind, subject) + (kind === 'pending' ? times('settled', subject) : 0);
    if (acknowledged) assert.ok(booked >= 1, `lost: ${kind} ${subject} of ${id}, acknowledged`);
    assert.ok(times(kind, subject) <= 1, `${kind} ${subject} stands there twice`);
  }

  // What the index answers, against the lines: it says the same whether it was kept or made again.
  async checkAnswers(random) {
    const status = (await this.world.askOperator('/readyz')).json;
    assert.equal(status.head, this.lines.length);
    assert.equal(status.parked, this.lines.filter(({ kind }) => kind === 'parked').length);
    for (let i = 0; i < 12 && this.pledges.length > 0; i++) {
      const pledge = pick(random, this.pledges);
      const kinds = this.lines.filter((line) => line.pledge === pledge.pledge).map(({ kind }) => kind);
      const { state } = await this.world.receipt(pledge);
      assert.equal(state, kinds.includes('settled') ? 'received' : kinds.includes('pending') ? 'on-its-way' : 'waiting', `${pledge.pledge}: ${kinds}`);
    }
  }

  // Right after a start the pages are fresh.
  async checkTotals() {
    const shown = (await this.world.ask('/v1/tiers')).json.campaigns;
    for (const { id, meter } of shown.filter((campaign) => campaign.meter)) {
      const own = new Set(this.lines.filter(({ kind, campaign }) => kind === 'pledged' && campaign === id).map(({ pledge }) => pledge));
      const settled = this.lines.filter(({ kind, pledge }) => kind === 'settled' && own.has(pledge));
      const paid = new Set(settled.map(({ payment }) => payment));
      const pending = this.lines.filter(({ kind, pledge, payment }) => kind === 'pending' && own.has(pledge) && !paid.has(payment));
      const sum = (list) => list.reduce((total, { amount }) => total + minor(amount), 0n);
      assert.deepEqual([minor(meter.raised), minor(meter.pending)], [sum(settled), sum(pending)], id);
    }
  }

  // What was acknowledged once is acknowledged again, and nothing is written.
  async checkRepeats(random) {
    const acknowledged = this.told.filter((record) => record.acknowledged);
    if (acknowledged.length === 0) return;
    await this.world.writesNothing(async () => {
      for (let i = 0; i < 6; i++) assert.equal((await this.world.deliver(pick(random, acknowledged).event)).status, 200);
    });
  }

  // Everything, after a start.
  async check(random) {
    this.checkBooks();
    await this.checkTotals();
    await this.checkAnswers(random);
    await this.checkRepeats(random);
    const verified = this.world.run('verify', '--config', this.world.configFile);
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
    assert.match(verified.stdout, new RegExp(`^ok: ${this.lines.length} (entry|entries), .* balances? sums? to zero`));
  }
}
