// What schemas/*.csvw.json says of each CSV (W3C, "Metadata Vocabulary for Tabular Data") is what an export writes: the
// columns and their order, what each cell holds, and what is never empty. docs/export.md names the same columns.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newWorld } from './lib/world.mjs';

const root = path.join(import.meta.dirname, '../..');
const schemas = fs.readdirSync(path.join(root, 'schemas')).filter((name) => name.endsWith('.csvw.json'))
  .map((name) => JSON.parse(fs.readFileSync(path.join(root, 'schemas', name), 'utf8')));
const forms = {
  nonNegativeInteger: /^(0|[1-9]\d*)$/,
  decimal: /^-?\d+(\.\d+)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/,
  string: /^/,
};

let world;
const first = {}; // exports of a ledger in which nothing has happened yet to a gift

const exported = (profile) => {
  const { status, stdout, stderr } = world.run('export', '--config', world.configFile, '--profile', profile, ...(profile.startsWith('xero') ? ['--currency', 'EUR'] : []));
  assert.equal(status, 0, stderr);
  // No cell of these holds a quote or a line end.
  assert.ok(!stdout.includes('"'));
  return stdout.split('\r\n').slice(0, -1).map((row) => row.split(','));
};

before(async () => {
  world = await newWorld({ clears: true, configure: (config) => { config.reconcile_minutes = 0; } });
  await world.order('misbehave', { slow_balance_ms: 86400000 });
  const pledges = [await world.pledge('gift-25'), await world.pledge('month-10'), await world.pledge('box-100')];
  for (const pledge of pledges) {
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
  }
  await world.toldAll();
  first['gifts/1'] = exported('gifts/1');
  await world.order('behave');
  await world.order('refund', { session: pledges[0].session, amount: 500 });
  await world.order('dispute', { session: pledges[2].session });
  await world.order('clock', { advance: 3 * 86400 });
  await world.order('payout', { currency: 'eur' });
  await world.order('clock', { advance: 3 * 86400 });
  await world.toldAll();
  const { status, stdout } = world.run('reconcile', '--config', world.configFile, '--since', '2020-01-01');
  assert.equal(status, 0, stdout);
});
after(() => world.end());

describe('the columns of', () => {
  test('every CSV profile are told', () => {
    assert.deepEqual(schemas.map((schema) => schema['dc:title']).sort(), ['gifts/1', 'gifts/2', 'journal/1', 'journal/2', 'payouts/1', 'quickbooks/1', 'quickbooks/2', 'xero/1']);
  });

  for (const { 'dc:title': profile, tableSchema: { columns } } of schemas)
    test(`${profile} are those of its schema and its documentation`, () => {
      const [header, ...rows] = first[profile] ?? exported(profile);
      const told = fs.readFileSync(path.join(root, 'docs/export.md'), 'utf8').split(/^## /m).find((part) => part.startsWith(`\`${profile}\``));

      assert.deepEqual(header, columns.map(({ titles }) => titles));
      for (const name of header) assert.ok(told.includes(`\`${name}\``), name);
      assert.ok(rows.length > 0);
      for (const row of rows)
        columns.forEach(({ titles, datatype, required }, i) => {
          const form = datatype.format === undefined ? forms[datatype] : new RegExp(`^(${datatype.format})$`);

          if (row[i] === '') assert.ok(!required, `${titles} is empty: ${row}`);
          else assert.match(row[i], form, titles);
        });
    });
});
