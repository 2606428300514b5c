// The books in the hands of the accounting tools themselves: hledger, ledger and beancount read them without a
// word of complaint and come to the same balances, to the cent.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newWorld } from './lib/world.mjs';

let world;
const reference = 'Cheque-2026/17';

before(async () => {
  world = await newWorld();
  for (const tier of ['box-100', 'box-2500', 'gift-25', 'month-10', 'kyoto-3000']) {
    const pledge = await world.pledge(tier);
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
  }
  const late = await world.pledge('gift-25');
  await world.order('misbehave', { wrong_amount: 1 });
  await world.pay(late);
  await world.toldAll();
  assert.ok(world.lines('parked').length > 0, 'money that fits nothing is in the books too');
  const recorded = world.run('record', '--config', world.configFile, '--tier', 'gift-25', '--reason', 'cheque', '--ref', reference);
  assert.equal(recorded.status, 0, recorded.stderr);
});
after(() => world.end());

function runTool(command, args, input) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', input });
  assert.ifError(error);
  assert.equal(`${status} ${stderr}`, '0 ', `${command} ${args.join(' ')}: ${stdout}`);
  return stdout;
}

function exported(...options) {
  const { status, stdout, stderr } = world.run('export', '--config', world.configFile, ...options);
  assert.equal(status, 0, stderr);
  return { text: stdout, totals: stderr };
}

// { "Assets:Provider:Stripe USD": "100.00" }, what is zero left out.
function ownBalances() {
  const { status, stdout } = world.run('balance', '--config', world.configFile);
  assert.equal(status, 0);
  const rows = stdout.trim().split('\r\n').slice(1).map((row) => row.split(','));
  const capital = (name) => name.split(':').map((part) => part[0].toUpperCase() + part.slice(1)).join(':');
  return Object.fromEntries(rows.filter(([, , amount]) => /[1-9]/.test(amount)).map(([name, currency, amount]) => [`${capital(name)} ${currency}`, amount]));
}

function fileOf(profile) {
  return world.write(`books.${profile}`, exported('--profile', profile).text);
}

describe('the books in accounting tools', () => {
  test('hledger checks them strictly and agrees with every balance', () => {
    const file = fileOf('hledger');
    runTool('hledger', ['-f', file, 'check', '--strict', 'ordereddates', 'balancednoautoconversion']);
    const csv = runTool('hledger', ['-f', file, 'balance', '--flat', '--no-total', '--layout=bare', '-O', 'csv']);
    const rows = csv.trim().split('\n').slice(1).map((row) => row.split(',').map((cell) => cell.replaceAll('"', '')));
    assert.deepEqual(Object.fromEntries(rows.filter(([, , amount]) => /[1-9]/.test(amount)).map(([name, currency, amount]) => [`${name} ${currency}`, amount])), ownBalances());
  });

  test('ledger reads them pedantically and agrees with every balance', () => {
    const file = fileOf('ledger');
    const args = ['--args-only', '--strict', '--pedantic', '-f', file];
    const text = runTool('ledger', [...args, 'balance', '--flat', '--no-total', '--balance-format', '%(account)|%(join(display_total))\n']);
    const found = {};
    for (const line of text.trim().split('\n')) {
      const [name, amounts] = line.split('|');
      for (const amount of amounts.split('\\n')) {
        const [number, currency] = amount.trim().split(' ');
        found[`${name} ${currency}`] = number;
      }
    }
    assert.deepEqual(found, ownBalances());
  });

  test('beancount finds no error and agrees with every balance', () => {
    const file = fileOf('beancount');
    assert.equal(runTool('bean-check', [file]), '');
    const csv = runTool('bean-query', ['-f', 'csv', file, 'SELECT account, currency, sum(number) AS amount GROUP BY account, currency']);
    const rows = csv.trim().split(/\r?\n/).slice(1).map((row) => row.split(',').map((cell) => cell.trim()));
    assert.deepEqual(Object.fromEntries(rows.filter(([, , amount]) => /[1-9]/.test(amount)).map(([name, currency, amount]) => [`${name} ${currency}`, amount])), ownBalances());
  });
});

describe('what an operator calls an entry', () => {
  test('is found by it in each tool', () => {
    assert.match(runTool('hledger', ['-f', fileOf('hledger'), 'print', `tag:^reference$=^${reference}$`, 'tag:^reason$=^cheque$']), /\(\d+\) recorded\n/);
    const found = runTool('ledger', ['--args-only', '--strict', '--pedantic', '-f', fileOf('ledger'), 'register', '--format', '%(payee)|%(tag("reason"))|%(account)\n', '--limit', `tag("reference") == "${reference}"`]);
    assert.equal(found, 'recorded|cheque|Assets:Bank\nrecorded|cheque|Income:Donations:Members:Gift-25\n');
    const rows = runTool('bean-query', ['-f', 'csv', fileOf('beancount'), `SELECT account, entry_meta('reason') AS reason WHERE entry_meta('reference') = '${reference}' ORDER BY account`]);
    assert.deepEqual(rows.trim().split(/\r?\n/).slice(1).map((row) => row.split(',').map((cell) => cell.trim())), [['Assets:Bank', 'cheque'], ['Income:Donations:Members:Gift-25', 'cheque']]);
  });

  test('and why it is are all that the first version of the profile lacks', () => {
    for (const profile of ['hledger', 'ledger', 'beancount']) {
      const first = exported('--profile', `${profile}/1`);
      assert.match(first.totals, new RegExp(`^totals: profile=${profile}/1 `));
      assert.equal(first.text, exported('--profile', profile).text.replace(`${profile}/2`, `${profile}/1`).replaceAll(/^ +(; )?(reference|reason): .*\n|^tag (reference|reason)\n/mg, ''));
    }
  });
});

describe('control totals', () => {
  test('name the bytes by their SHA-256, count the rows, and say what each account held before and after', () => {
    const { text, totals } = exported('--profile', 'journal');
    const postings = world.lines().reduce((count, { postings: list = [] }) => count + list.length, 0);
    const first = /^totals: profile=journal\/2 as-of=(\d+) rows=(\d+) bytes=(\d+) sha256=([0-9a-f]{64}) provisional$/m.exec(totals);
    assert.deepEqual(first.slice(1), [String(world.lines().at(-1).seq), String(postings), String(Buffer.byteLength(text)),
      createHash('sha256').update(text).digest('hex')]);
    for (const [name, closing] of Object.entries(ownBalances())) {
      assert.ok(totals.includes(`balance: ${name.toLowerCase().replace(/[a-z]+$/, (code) => code.toUpperCase())} opening=${/[.]/.test(closing) ? '0.00' : '0'} closing=${closing}\n`), `${name} in ${totals}`);
    }
  });

  test('a period begins where the one before it ended, and the same period gives the same bytes after more has come', async () => {
    const third = world.lines('settled')[2];
    const before = exported('--profile', 'journal', '--to', third.time);
    const after_ = exported('--profile', 'journal', '--from', third.time);
    const sums = (totals, which) => Object.fromEntries([...totals.matchAll(/^balance: (\S+ \S+) opening=(\S+) closing=(\S+)$/mg)].map((row) => [row[1], row[which]]).filter(([, sum]) => /[1-9]/.test(sum)));
    assert.deepEqual(sums(after_.totals, 2), sums(before.totals, 3));
    assert.doesNotMatch(before.totals, /provisional/, 'a later entry closed it');
    assert.equal(before.text + after_.text.slice(after_.text.indexOf('\r\n') + 2), exported('--profile', 'journal').text);
    const pledge = await world.pledge('box-5000');
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
    assert.deepEqual(exported('--profile', 'journal', '--to', third.time), before);
  });
});

describe('what was chosen and never moved', () => {
  const nothing = (...options) => exported(...options).totals.match(/^nothing: .*$/m)?.[0];

  test('is said in the control totals, for it may be misspelled', () => {
    const of = (what) => `nothing: no money ${what} has moved up to the end of the period`;
    assert.equal(nothing('--profile', 'payouts', '--account', 'stirpe'), of('of a provider account stirpe'));
    assert.equal(nothing('--profile', 'xero', '--account', 'stirpe', '--currency', 'USD'), of('of a provider account stirpe'));
    assert.equal(nothing('--profile', 'quickbooks', '--currency', 'CHF'), of('in CHF'));
    assert.equal(nothing('--profile', 'payouts', '--account', 'stripe', '--currency', 'CHF'), of('in CHF of the provider account stripe'));
    assert.equal(nothing('--campaign', 'bxo'), of('of a campaign bxo'));
  });

  test('is not what is there', () => {
    assert.equal(nothing('--profile', 'xero', '--account', 'stripe', '--currency', 'EUR'), undefined);
    assert.equal(nothing('--profile', 'payouts', '--currency', 'USD'), undefined);
    assert.equal(nothing('--profile', 'xero', '--account', 'stripe', '--currency', 'USD', '--campaign', 'box'), undefined);
    assert.equal(nothing(), undefined);
  });
});

describe('imports of bookkeeping services', () => {
  test('a Xero statement is of one account in one currency, and sums to its balance', () => {
    const { status, stderr } = world.run('export', '--config', world.configFile, '--profile', 'xero');
    assert.equal(status, 1);
    assert.match(stderr, /lines of stripe USD and of stripe EUR: choose one/);
    const { text } = exported('--profile', 'xero', '--currency', 'USD');
    const rows = text.trim().split('\r\n').map((row) => row.split(','));
    assert.deepEqual(rows[0], ['*Date', '*Amount', 'Payee', 'Description', 'Reference', 'Check Number']);
    const cents = rows.slice(1).reduce((sum, [, amount]) => sum + BigInt(amount.replace('.', '')), 0n);
    assert.equal(cents, BigInt(ownBalances()['Assets:Provider:Stripe USD'].replace('.', '')));
  });

  test('QuickBooks entries balance by their number, are of one currency, in American dates', () => {
    const rows = exported('--profile', 'quickbooks').text.trim().split('\r\n').slice(1).map((row) => row.split(','));
    const sums = new Map();
    for (const [number, date, , debit, credit, , currency] of rows) {
      assert.match(date, /^\d\d\/\d\d\/\d{4}$/);
      assert.equal(number.split('-')[1], currency);
      sums.set(number, (sums.get(number) ?? 0n) + BigInt((debit || '0').replace('.', '')) - BigInt((credit || '0').replace('.', '')));
    }
    assert.deepEqual(new Set(sums.values()), new Set([0n]));
  });

  test('the operator downloads each of them under its own name', async () => {
    for (const [profile, name, type] of [['hledger', 'hledger.journal', 'text/plain'], ['quickbooks', 'quickbooks.csv', 'text/csv']]) {
      const answer = await world.askOperator(`/v1/ledger.csv?profile=${profile}&from=&to=`);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.header('content-disposition'), `attachment; filename="${name}"`);
      assert.ok(answer.header('content-type').startsWith(type));
      assert.equal(answer.text, exported('--profile', profile).text);
    }
  });
});
