// A sandbox provider and a service with a configuration and a data directory of their own, on free ports.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hold, holdLine } from './contract.mjs';
import { send } from './http.mjs';
import { checkLedger, readLedger } from './ledger.mjs';
import { Child, freePort, pledger } from './processes.mjs';
import { signature } from './stripe.mjs';
import { waitFor } from './wait.mjs';

export const site = 'https://www.example.org';

// Where donors and sites come from, so that a log that tells an address is found out.
const donor = '127.0.0.77';

const campaigns = [
  {
    id: 'box', title: 'Donation box', text: 'Every gift <keeps> the lights on & the door open.', currency: 'USD',
    goal: '5000.00', marks: ['0', '2500', '5000'],
    tiers: [
      { id: 'box-100', label: 'Supporter', amount: '100.00', interval: 'once' },
      { id: 'box-2500', label: 'Partner', amount: '2500.00', interval: 'once' },
      { id: 'box-5000', label: 'Patron', amount: '5000.00', interval: 'once' },
    ],
  },
  {
    id: 'members', title: 'Friends of the house', button: 'Join', currency: 'EUR', default_tier: 'month-10',
    tiers: [
      { id: 'gift-25', label: 'A gift', amount: '25.00', interval: 'once' },
      { id: 'month-10', label: 'A friend', text: 'Ends whenever you like.', amount: '10.00', interval: 'month' },
      { id: 'year-50', label: 'A patron', amount: '50.00', interval: 'year' },
    ],
  },
  {
    id: 'kyoto', title: 'The garden in Kyoto', currency: 'JPY', goal: '1000000',
    tiers: [{ id: 'kyoto-3000', label: 'Moss', amount: '3000', interval: 'once' }],
  },
];

export class World {
  // options: configure(config), data (where; default: beside the rest), secrets (webhook), key, sandbox (false: none), misbehave, clears (true: fees are known at once), environment, clocks (lib/clocks.mjs: the service’s and the provider’s), wrap (a command before the service)
  constructor(options = {}) {
    this.options = options;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pledger-scenario-'));
    this.data = options.data ?? path.join(this.folder, 'data');
    this.secrets = options.secrets ?? ['whsec_the_first_secret'];
    this.key = options.key ?? 'sk_test_scenarios';
    this.token = 'operator-token-of-the-scenarios';
  }

  // A file that only its owner may read.
  write(name, text) {
    const file = path.join(this.folder, name);
    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  configure() {
    const config = {
      organisation: { id: 'example', name: 'Example & Sons' },
      mode: 'test',
      data_dir: this.data,
      public: { listen: `127.0.0.1:${this.publicPort}`, url: this.origin, sites: [site] },
      operator: { listen: `127.0.0.1:${this.operatorPort}`, token_file: 'operator-token' },
      limits: { sessions_per_address_minute: 100000, sessions_per_minute: 100000 },
      accounts: [{
        id: 'stripe', provider: 'stripe', key_file: 'stripe-key', api_url: this.provider,
        webhook_secret_files: this.secrets.map((_, i) => `webhook-${i}`),
      }],
      campaigns: structuredClone(campaigns),
    };
    this.secrets.forEach((secret, i) => this.write(`webhook-${i}`, `${secret}\n`));
    this.write('stripe-key', `${this.key}\n`);
    this.write('operator-token', `${this.token}\n`);
    this.options.configure?.(config, this);
    this.config = config;
    this.configFile = this.write('pledger.json', JSON.stringify(config, null, 2));
    return config;
  }

  async startSandbox() {
    const args = ['sandbox', '--listen', '127.0.0.1:0', '--key-file', this.write('sandbox-key', `${this.key}\n`),
      '--webhook-url', `${this.origin}/webhooks/stripe`, '--webhook-secret-file', this.write('sandbox-secret', `${this.secrets[0]}\n`)];
    this.sandbox = new Child(pledger, args, { env: { ...process.env, ...this.options.clocks?.environment } });
    this.provider = (await this.sandbox.says(/^sandbox: (\S+)$/m))[1];
    await this.order('behave');
    if (this.options.misbehave) await this.order('misbehave', this.options.misbehave);
  }

  // What was started of a world that cannot begin is ended: a sandbox that lives on would keep its test waiting for ever.
  async start() {
    try {
      return await this.begin();
    } catch (error) {
      this.service?.interrupt('SIGKILL');
      this.sandbox?.interrupt('SIGKILL');
      throw error;
    }
  }

  async begin() {
    [this.publicPort, this.operatorPort] = [await freePort(), await freePort()];
    this.origin = `http://127.0.0.1:${this.publicPort}`;
    this.operatorOrigin = `http://127.0.0.1:${this.operatorPort}`;
    this.provider = this.options.provider ?? 'http://127.0.0.1:9';
    if (this.options.sandbox !== false) await this.startSandbox();
    this.configure();
    await this.serve();
    return this;
  }

  // Start the service, or start it again where it was.
  async serve({ wrap = this.options.wrap ?? [], environment = this.options.environment ?? {}, args = [], ready = true } = {}) {
    const [command, ...rest] = [...wrap, pledger, 'serve', '--config', this.configFile, ...args];
    this.service = new Child(command, rest, { env: { ...process.env, ...this.options.clocks?.environment, ...environment } });
    if (ready) await this.service.says(/event=serving operator=/, 60000);
    return this.service;
  }

  async stop() {
    await this.service.stop();
    assert.match(this.service.stderr, /event=stopped/);
    this.checkLog();
  }

  async kill() {
    await this.service.kill();
    this.checkLog();
  }

  // Whatever happened: no secret, no donor, no address and nothing of a body stands in the log.
  checkLog() {
    const hidden = [this.key, this.token, ...this.secrets, ...(this.options.hidden ?? []), donor, 'rcp_', 'whsec_', 'Bearer', 'ecret.donor', 'ecret Donor', 'data.object', '"tier"', 'v1='];
    const lines = this.service.stderr.split('\n').slice(0, -1);
    for (const line of lines) {
      assert.match(line, /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z level=(debug|info|warning|error) event=[a-z-]+( [a-z_]+=("([^"\\]|\\.)*"|[^" ]*))*$/);
      for (const secret of hidden) assert.ok(!line.includes(secret), `the log tells ${secret}: ${line}`);
    }
  }

  // The end of everything: both must end in order, and what is in the books must hold.
  async end() {
    try {
      if (this.service?.running) await this.stop();
      else if (this.service) {
        this.service.assertClean();
        this.checkLog();
      }
      await this.sandbox?.stop();
      if (fs.existsSync(path.join(this.data, 'ledger'))) this.entries = checkLedger(this.data);
      this.entries.forEach(holdLine);
    } finally {
      this.service?.interrupt('SIGKILL');
      this.sandbox?.interrupt('SIGKILL');
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /* ---- as a donor, a site, an operator ---- */

  // Every answer of the service is held against schemas/openapi.json.
  async ask(path_, options = {}) {
    const answer = await send(this.origin, { path: path_, from: donor, ...options });
    hold('public', { path: path_, ...options }, answer);
    return answer;
  }

  async askOperator(path_, options = {}) {
    const headers = { authorization: `Bearer ${this.token}`, ...options.headers };
    const answer = await send(this.operatorOrigin, { path: path_, from: donor, ...options, headers });
    hold('operator', { path: path_, ...options, headers }, answer);
    return answer;
  }

  // A site's script: what it asks for and what it gets are JSON.
  press(tier, { headers = {}, agent = false, ...rest } = {}) {
    return this.ask('/v1/checkout', {
      method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ tier, ...rest }),
    });
  }

  // A browser without any script.
  pressForm(fields, headers = {}) {
    return this.ask('/v1/checkout', {
      method: 'POST', body: String(new URLSearchParams(fields)),
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html,application/xhtml+xml', ...headers },
    });
  }

  // Press, and fail where no session comes of it.
  async pledge(tier, options) {
    const answer = await this.press(tier, options);
    assert.equal(answer.status, 201, answer.text);
    const made = answer.json;
    return { ...made, session: made.url.slice(made.url.lastIndexOf('/') + 1), receipt: made.receipt_url.slice(made.receipt_url.lastIndexOf('/') + 1) };
  }

  async receipt(pledge) {
    const answer = await this.ask(`/v1/receipts/${pledge.receipt}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }

  async thanks(pledge) {
    return this.ask(`/thanks/${pledge.receipt}`, { headers: { accept: 'text/html' } });
  }

  /* ---- at the provider ---- */

  // The hosted page, as a browser would use it.
  pay(pledge, outcome = 'card') {
    return send(this.provider, {
      method: 'POST', path: `/pay/${pledge.session}`, headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams({ outcome, email: 'secret.donor@example.com', name: 'Secret Donor' })),
    });
  }

  async order(name, body = {}) {
    const answer = await send(this.provider, {
      method: 'POST', path: `/sandbox/${name}`, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, answer.text);
    // Unless a test is about it, the provider tells only tomorrow what it keeps of a gift: the books stay as they are.
    if (name === 'behave' && !this.options.clears) return this.order('misbehave', { slow_balance_ms: 86400000 });
    return answer.json;
  }

  async askProvider(path_) {
    const answer = await send(this.provider, { path: path_, headers: { authorization: `Bearer ${this.key}` } });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }

  // The provider's events, the oldest first.
  async events(type = null) {
    const { data } = await this.askProvider(`/v1/events?limit=100${type ? `&type=${type}` : ''}`);
    return data.reverse();
  }

  // Wait until the provider has nothing left to tell.
  async toldAll() {
    await waitFor('all webhooks to be delivered', async () => {
      const { deliveries } = await this.askProvider('/sandbox');
      return deliveries.waiting === 0 && deliveries.in_flight === 0;
    });
  }

  /* ---- webhooks of our own ---- */

  // body: an event or raw text. options: secret, timestamp, headers, account, agent
  async deliver(body, options = {}) {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const signed = signature(payload, options.secret ?? this.secrets[0], options.timestamp);
    return this.ask(`/webhooks/${options.account ?? 'stripe'}`, {
      method: 'POST', agent: options.agent ?? false, body: options.sent ?? payload,
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signed, ...options.headers },
    });
  }

  /* ---- the books ---- */

  lines(kind = null) {
    const entries = readLedger(this.data);
    return kind === null ? entries : entries.filter((entry) => entry.kind === kind);
  }

  of(pledge) {
    return this.lines().filter((entry) => entry.pledge === pledge.pledge);
  }

  kindsOf(pledge) {
    return this.of(pledge).map((entry) => entry.kind);
  }

  // Booked, and known to the service: a line stands in the file a moment before any answer tells of it.
  async booked(pledge, kind, count = 1) {
    const found = await waitFor(`${pledge.pledge} to be ${kind}`, () => {
      const entries = this.of(pledge).filter((entry) => entry.kind === kind);
      return entries.length >= count ? entries : null;
    });
    await waitFor(`the service to know of ${pledge.pledge}`, async () => (await this.askOperator('/readyz')).json.head >= found.at(-1).seq);
    return found;
  }

  // Nothing is written while the given happens.
  async writesNothing(act) {
    const before = this.lines().length;
    const result = await act();
    assert.deepEqual(this.lines().slice(before), []);
    return result;
  }

  run(...args) {
    return spawnSync(pledger, args, { encoding: 'utf8' });
  }
}

// A world for the tests of one file or one `describe`.
export const newWorld = (options) => new World(options).start();
