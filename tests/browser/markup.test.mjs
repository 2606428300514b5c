// What the Nu HTML checker (https://validator.github.io/validator/) says of every page, picture and fragment: nothing.
// With LONG=1 in all languages, else in English.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { render } from './lib/rendered.mjs';

const jar = path.join(import.meta.dirname, '../node_modules/vnu-jar/build/dist/vnu.jar');
const rendered = render();
const languages = process.env.LONG ? rendered.languages : ['en'];
const wanted = (ending) => rendered.files.filter((name) => languages.some((language) => name.startsWith(`${language}-`)) && name.endsWith(ending));
const wrong = 'wrong.html';

after(rendered.remove);

// One run for all: most of its time is that of a virtual machine that starts.
function check(names) {
	const said = execFileSync('java', ['-Xss16m', '-jar', jar, '--format', 'json', '--stdout', '--exit-zero-always',
		...names.map((name) => path.join(rendered.folder, name))], { encoding: 'utf8', maxBuffer: 1 << 26 });

	return JSON.parse(said).messages.map(({ type, url, lastLine, message }) => `${type} ${path.basename(url)}:${lastLine} ${message}`);
}

function write(name, body) {
	writeFileSync(path.join(rendered.folder, name), `<!doctype html>\n<html lang="en">\n<head><title>An article</title></head>\n<body>\n${body}</body>\n</html>\n`);
	return name;
}

// A picture or a fragment in the page of some site.
const embed = (name) => write(`${name}.html`, `<h1>An article</h1>\n${rendered.read(name)}`);

test('no page, picture or fragment has an error, and one that has is found', { timeout: 600_000 }, (t) => {
	const [pages, pictures, fragments] = ['.html', '.svg', '.part'].map(wanted);
	const names = [...pages, ...[...pictures, ...fragments].map(embed)];
	const said = check([...names, write(wrong, '<p id="a"></p><div id="a"></div>\n')]);

	t.diagnostic(`n = ${names.length} pages, pictures and fragments checked`);
	assert.deepEqual(said.filter((line) => !line.includes(wrong)), []);
	assert.match(said.join('\n'), /^error wrong\.html:5 Duplicate ID/m);
	assert.ok(pages.length >= 28 && pictures.length >= 5 && fragments.length >= 4, names.join(' '));
});
