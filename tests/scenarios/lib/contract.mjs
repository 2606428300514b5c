// Every answer of the service, and every request that it took, against schemas/openapi.json.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const folder = path.join(import.meta.dirname, '../../../schemas');
const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));

export const openapi = read('openapi.json');
export const schemaNames = fs.readdirSync(folder).filter((name) => name.endsWith('.schema.json'));

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
addFormats(ajv);
for (const name of schemaNames) ajv.addSchema(read(name), name);

const compiled = new Map();

function assertFits(schema, value, what) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, schema.$ref && !schema.$ref.includes('#') ? ajv.getSchema(schema.$ref) : ajv.compile(schema));
  const validate = compiled.get(key);
  assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(value)}`);
}

const fits = (schema, value) => {
  try {
    assertFits(schema, value, '');
    return true;
  } catch {
    return false;
  }
};

const resolve = (value) => (value?.$ref?.startsWith('#/') ? value.$ref.slice(2).split('/').reduce((at, name) => at[name], openapi) : value);

/* ---- the ledger's lines ---- */

const lineSchema = { $ref: 'ledger-entry.schema.json' };
const lineOrder = Object.keys(read(lineSchema.$ref).properties);

export const fitsLine = (entry) => fits(lineSchema, entry);

// A line as it was read: its members in the schema's order, which a schema cannot say itself.
export function holdLine(entry) {
  assertFits(lineSchema, entry, `entry ${entry.seq}`);
  assert.deepEqual(Object.keys(entry), lineOrder.filter((name) => name in entry), `entry ${entry.seq}: the order of its members`);
}

/* ---- which door ---- */

const templates = Object.keys(openapi.paths).map((template) => ({
  template, pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
}));

function operationOf(listener, method, target) {
  const pathname = target.split('?')[0];
  const found = templates.find(({ pattern }) => pattern.test(pathname))?.template;
  const item = Object.fromEntries(Object.entries(found ? openapi.paths[found] : {}).filter(([, each]) => each['x-listeners']?.includes(listener)));
  return { template: Object.keys(item).length > 0 ? found : undefined, operation: item[method === 'HEAD' ? 'get' : method.toLowerCase()] };
}

// What an address without a door for the request may be answered: by the table of routes, or before it.
const beforeAnyDoor = ['Malformed', 'NoToken', 'NoLength', 'TooBig', 'TargetTooLong', 'NoSuchExpectation', 'OtherHost', 'TooManyFields', 'OurMistake', 'NotServed', 'Busy', 'OtherVersion'];
const statusOf = { Malformed: 400, NoToken: 401, Nothing: 404, WrongMethod: 405, NoLength: 411, TooBig: 413, TargetTooLong: 414, NoSuchExpectation: 417, OtherHost: 421, TooManyFields: 431, OurMistake: 500, NotServed: 501, Busy: 503, OtherVersion: 505 };

function responseOf({ template, operation }, status) {
  if (operation) return resolve(operation.responses[status]);
  const name = [template ? 'WrongMethod' : 'Nothing', ...beforeAnyDoor].find((each) => statusOf[each] === status);
  return name && openapi.components.responses[name];
}

/* ---- answers ---- */

const transport = new Set(['date', 'content-length', 'content-type', 'content-encoding', 'connection', 'transfer-encoding', 'keep-alive']);

function checkHeaders(response, answer, what) {
  const documented = { ...(response['x-for-machines'] ? {} : openapi['x-every-answer'].headers), ...response.headers };
  const known = new Map(Object.entries(documented).map(([name, header]) => [name.toLowerCase(), resolve(header)]));
  for (const [name, header] of known) {
    const value = answer.header(name);
    if (value === undefined) assert.ok(!header.required, `${what}: no ${name}`);
    else assertFits(header.schema, value, `${what}: ${name}`);
  }
  for (const [name] of answer.pairs) assert.ok(known.has(name) || transport.has(name), `${what}: ${name} is not documented`);
  if (answer.header('access-control-allow-origin')) assert.ok(answer.header('access-control-expose-headers'), what);
}

function checkBody(method, response, answer, what) {
  const type = answer.header('content-type');
  if (!response.content) {
    assert.equal(answer.body.length, 0, `${what}: a body that is not documented`);
    assert.equal(type, undefined, `${what}: ${type}`);
    return;
  }
  const [media, ...parameters] = (type ?? '').split(';').map((part) => part.trim());
  assert.ok(response.content[media], `${what}: the content type ${type} is not documented`);
  const expected = response.content[media]['x-parameters'] ?? { 'text/csv': ['charset=utf-8', 'header=present'], 'text/html': ['charset=utf-8'], 'text/javascript': ['charset=utf-8'], 'text/plain': ['charset=utf-8'] }[media] ?? [];
  assert.deepEqual(parameters, expected, `${what}: ${type}`);
  if (method === 'HEAD') {
    assert.equal(answer.body.length, 0, `${what}: HEAD has a body`);
    return;
  }
  const bytes = answer.header('content-encoding') === 'gzip' ? gunzipSync(answer.body) : answer.body;
  assert.ok(bytes.length > 0, `${what}: an empty body`);
  if (/^image\/(png|jpeg|webp)$/.test(media)) return;
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  if (!media.endsWith('json')) return;
  const value = JSON.parse(text);
  assertFits(response.content[media].schema, value, what);
  if (media === 'application/problem+json') assert.equal(value.status, answer.status, what);
}

/* ---- requests ---- */

function readRequest(request) {
  const headers = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const media = String(headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (media === 'application/json') {
    try {
      const value = JSON.parse(request.body);
      // Only what has one spelling can be judged by its value: no name twice.
      return { media, value, plain: JSON.stringify(value) === String(request.body), headers };
    } catch {
      return { media, headers };
    }
  }
  if (media === 'application/x-www-form-urlencoded') {
    const pairs = [...new URLSearchParams(String(request.body))];
    return { media, value: Object.fromEntries(pairs), plain: new Set(pairs.map(([name]) => name)).size === pairs.length, headers };
  }
  return { media, headers };
}

// What was taken fits the schema, and what fits the schema is not refused as malformed.
function checkRequest(operation, request, status, what) {
  const content = operation.requestBody?.content;
  if (!content || content['*/*']) return;
  const { media, value, plain, headers } = readRequest(request);
  const schema = content[media]?.schema;
  if (status < 400) {
    assert.ok(schema, `${what}: the request's type ${media} is not documented and was taken`);
    assertFits(schema, value, `${what}: the request was taken`);
    return;
  }
  const key = operation.parameters?.find(({ name }) => name === 'Idempotency-Key');
  const keyIsGood = headers['idempotency-key'] === undefined || (typeof headers['idempotency-key'] === 'string' && fits(key.schema, headers['idempotency-key']));
  if (schema && plain && keyIsGood && fits(schema, value))
    assert.ok(![400, 411, 413, 415].includes(status), `${what}: the request fits the schema and was refused`);
}

/* ---- both, and what was seen ---- */

// One file for all tests of a run: they share the process that started them.
const born = fs.readFileSync(`/proc/${process.ppid}/stat`, 'utf8').replace(/.*\) /, '').split(' ')[19];
export const seenFile = path.join(os.tmpdir(), `pledger-scenarios-${process.ppid}-${born}`);
const seen = new Set();

function remember(line) {
  if (seen.has(line)) return;
  seen.add(line);
  fs.appendFileSync(seenFile, `${line}\n`);
}

export function hold(listener, { path: target = '/', method = 'GET', ...request }, answer) {
  const found = operationOf(listener, method, target);
  const what = `${listener} ${method} ${found.template ?? target} → ${answer.status}`;
  const response = responseOf(found, answer.status);
  assert.ok(response, `${what} is not documented: ${answer.text}`);
  if (response['x-listeners']) assert.ok(response['x-listeners'].includes(listener), `${what} is documented for ${response['x-listeners']}`);
  checkHeaders(response, answer, what);
  checkBody(method, response, answer, what);
  if (found.operation) checkRequest(found.operation, request, answer.status, what);
  remember(`${method === 'HEAD' ? 'get' : method.toLowerCase()} ${found.operation ? found.template : '-'} ${answer.status}`);
}
