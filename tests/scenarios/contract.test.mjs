// The contract names every door that the service has, and no other.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openapi } from './lib/contract.mjs';
import { root } from './lib/processes.mjs';

const listeners = { PUBLIC: ['public'], OPERATOR: ['operator'], BOTH: ['public', 'operator'] };

test('every door of the table of routes is in openapi.json, on its listeners, and no other', () => {
  const source = fs.readFileSync(path.join(root, 'src/routes/routes.c'), 'utf8');
  const rows = [...source.matchAll(/^\t\{ (PUBLIC|OPERATOR|BOTH), +"([A-Z]+)", +"([^"]+)", +\w+, +\w+, +(true|false) \},$/gm)];
  assert.ok(rows.length > 10, 'the table can be read');
  const doors = new Set();
  for (const [, where, method, target, readBySites] of rows)
    for (const listener of listeners[where])
      for (const each of readBySites === 'true' ? [method, 'OPTIONS'] : [method]) doors.add(`${listener} ${each} ${target}`);
  const documented = Object.entries(openapi.paths).flatMap(([target, item]) => Object.entries(item).flatMap(
    ([method, operation]) => operation['x-listeners'].map((listener) => `${listener} ${method.toUpperCase()} ${target}`)));
  assert.deepEqual(documented.sort(), [...doors].sort());
});

test('every reference of openapi.json leads somewhere', () => {
  const visit = (value) => {
    if (value === null || typeof value !== 'object') return;
    if (typeof value.$ref === 'string') {
      const [file, pointer] = value.$ref.split('#');
      const whole = file === '' ? openapi : JSON.parse(fs.readFileSync(path.join(root, 'schemas', file), 'utf8'));
      const found = (pointer ?? '').split('/').slice(1).reduce((at, name) => at?.[name], whole);
      assert.ok(found, value.$ref);
    }
    Object.values(value).forEach(visit);
  };
  visit(openapi);
});
