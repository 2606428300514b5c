// A random history of an account at the sandbox, from a seed: gifts, slow debits, renewals, refunds,
// disputes, payouts, and as much trade again that is nobody's pledge. For tests that compare books with
// the provider's own statement afterwards.
//
//   const history = new History({ url, open, random });
//   await history.live(40);
//   await history.rest();
//   const { ours, payouts } = sumsOf(await history.statement(), ({ metadata }) => 'pledge' in metadata);

const DAY = 86400;

export class History {
  // url: the sandbox's. open(interval): makes a session for 'once', 'month' or 'year' and gives its id.
  // random(): from 0 to 1, as randomOf(seed) of wait.mjs. currencies: in which the account has money of its own.
  // foreign: how many of a hundred steps are other business.
  constructor({ url, open, random, currencies = ['eur', 'usd'], foreign = 50 }) {
    Object.assign(this, { url, open, random, currencies, foreign });
    this.log = []; // a line for each step, to be shown when a test fails
    this.sessions = [];
    this.open_sessions = [];
    this.subscriptions = [];
    this.invoices = [];
    this.refunds = [];
    this.disputes = [];
    this.payouts = [];
  }

  roll(count) {
    return Math.floor(this.random() * count);
  }

  pick(list) {
    return list[this.roll(list.length)];
  }

  // An order to the sandbox; null for one that does not fit the state of things.
  async order(name, body) {
    const response = await fetch(`${this.url}/sandbox/${name}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.status !== 200 && response.status !== 409) throw new Error(`${name} ${JSON.stringify(body)}: ${response.status} ${answer.error}`);
    this.log.push(`${name} ${JSON.stringify(body)}${response.status === 409 ? ': does not fit' : ''}`);
    return response.status === 200 ? answer : null;
  }

  async statement() {
    return (await fetch(`${this.url}/sandbox/statement`)).json();
  }

  /* ---- steps ---- */

  async give() {
    const session = await this.open(this.pick(['once', 'once', 'once', 'month', 'month', 'year']));
    const outcome = this.pick(['card', 'card', 'card', 'card', 'slow_debit', 'slow_debit', 'slow_debit_fails', 'declined', null]);
    // The donor looks at the page and goes away, or tries in vain: the session stays open.
    const paid = outcome && await this.order('pay', { session, outcome });
    if (paid?.status !== 'complete') {
      this.open_sessions.push(session);
      return;
    }
    this.sessions.push(session);
    if (paid.subscription) this.subscriptions.push(paid.subscription);
    if (paid.invoice) this.invoices.push(paid.invoice);
  }

  async comeBack() {
    const session = this.pick(this.open_sessions);
    if (!session) return;
    const paid = await this.order(this.pick(['pay', 'expire']), { session });
    this.open_sessions = this.open_sessions.filter((each) => each !== session);
    if (paid?.status === 'complete') this.sessions.push(session);
    if (paid?.subscription) this.subscriptions.push(paid.subscription);
  }

  async settle() {
    const session = this.pick(this.sessions);
    if (session) await this.order('settle', { session, outcome: this.pick(['succeeded', 'succeeded', 'failed']) });
  }

  // What was given once or in any month: both can be refunded and disputed.
  paid() {
    const all = [...this.sessions.map((session) => ({ session })), ...this.invoices.map((invoice) => ({ invoice }))];
    return this.pick(all);
  }

  async refund() {
    const what = this.paid();
    if (!what) return;
    const part = this.pick([{}, { amount: 1 + this.roll(2000) }]);
    const made = await this.order('refund', { ...what, ...part, course: this.pick(['succeeded', 'succeeded', 'pending', 'waiting']) });
    if (made) this.refunds.push(made.id);
  }

  async endRefund() {
    const refund = this.pick(this.refunds);
    if (refund) await this.order('refund_end', { refund, outcome: this.pick(['succeeded', 'failed', 'canceled']) });
  }

  async dispute() {
    const what = this.paid();
    if (!what) return;
    const part = this.pick([{}, {}, { amount: 1 + this.roll(2000) }]);
    const opened = await this.order('dispute', { ...what, ...part, inquiry: this.roll(4) === 0 });
    if (opened) this.disputes.push(opened.id);
  }

  async moveDispute() {
    const dispute = this.pick(this.disputes);
    const status = this.pick(['under_review', 'won', 'lost', 'needs_response', 'warning_under_review', 'warning_closed']);
    if (dispute) await this.order('dispute_move', { dispute, status, fee_returned: this.roll(2) === 0 });
  }

  async payOut() {
    const manual = this.roll(4) === 0 ? { amount: 1 + this.roll(3000) } : {};
    const payout = await this.order('payout', { currency: this.pick(this.currencies), ...manual });
    if (payout) this.payouts.push(payout.id);
  }

  async endPayout() {
    const payout = this.pick(this.payouts);
    if (payout) await this.order('payout_end', { payout, outcome: this.pick(['paid', 'failed', 'canceled']) });
  }

  async renew() {
    const subscription = this.pick(this.subscriptions);
    if (!subscription) return;
    const invoice = await this.order('renew', { subscription, outcome: this.pick(['succeeded', 'succeeded', 'failed']) });
    if (invoice) this.invoices.push(invoice.id);
  }

  async retry() {
    const invoice = this.pick(this.invoices);
    if (invoice) await this.order('retry', { invoice, outcome: this.pick(['succeeded', 'failed']) });
  }

  async cancel() {
    const subscription = this.pick(this.subscriptions);
    if (subscription) await this.order('cancel', { subscription, at: this.pick(['now', 'period_end', 'period_end', 'never']) });
  }

  async correct() {
    const body = { currency: this.pick(this.currencies), amount: 1 + this.roll(300) };
    await (this.roll(2) === 0 ? this.order('fee', body) : this.order('adjustment', { ...body, taken: this.roll(2) === 0 }));
  }

  passTime() {
    return this.order('clock', { advance: this.pick([1, 10, 3600, DAY, 2 * DAY, 4 * DAY, 20 * DAY]) });
  }

  tradeElsewhere() {
    const some = () => this.roll(2);
    return this.order('other_business',
      { payments: some(), sessions: some(), subscriptions: some(), invoices: some(), refunds: some(), disputes: some() });
  }

  /* ---- the history ---- */

  async step() {
    if (this.roll(100) < this.foreign && this.roll(2) === 0) return this.tradeElsewhere();
    const { give, comeBack, settle, refund, endRefund, dispute, moveDispute, payOut, endPayout, renew, retry, cancel, correct, passTime } = this;
    return this.pick([give, give, give, give, give, comeBack, settle, refund, refund, endRefund, dispute, moveDispute, payOut, endPayout,
      renew, renew, retry, cancel, correct, passTime, passTime, passTime]).call(this);
  }

  async live(steps) {
    for (let i = 0; i < steps; i++) await this.step();
  }

  // Slow debits and refunds end, and everything becomes available.
  async rest() {
    await this.order('behave', {});
    await this.order('clock', { advance: 3 * DAY });
  }
}

const add = (sums, currency, amount) => { sums[currency] = (sums[currency] ?? 0) + amount; };

// A statement summed up, in the provider's smallest units: for what isOurs (given a line of the statement)
// says is ours, net, gross and fee by currency, and gross by reporting_category; for each automatic payout
// what of it is ours and what is not.
export function sumsOf({ balance, transactions }, isOurs) {
  const ours = { net: {}, fee: {}, by: {} };
  const all = {};
  const payouts = new Map();
  for (const line of transactions) {
    const { transaction: { currency, amount, fee, net, reporting_category, type }, payout } = line;
    add(all, currency, net);
    const mine = isOurs(line);
    if (mine) {
      add(ours.net, currency, net);
      add(ours.fee, currency, fee);
      add((ours.by[reporting_category] ??= {}), currency, amount);
    }
    if (payout === null) continue;
    if (!payouts.has(payout)) payouts.set(payout, { payout, currency, amount: 0, ours: 0, others: 0 });
    const held = payouts.get(payout);
    if (type === 'payout' && line.transaction.source === payout) held.amount -= amount;
    else if (mine) held.ours += net;
    else held.others += net;
  }
  const stated = Object.fromEntries(balance.map(({ currency, available, pending }) => [currency, available + pending]));
  return { ours, all, stated, payouts: [...payouts.values()] };
}
