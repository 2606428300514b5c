// The catalogues: every message of the templates and the code stands in each of them, none stands there in vain,
// none is fuzzy, and values keep their places.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const folder = path.join(root, 'src/web/locales');
const languages = ['de', 'fr', 'es', 'uk', 'ja', 'ar'];

const filesOf = (part, ending) => readdirSync(path.join(root, part)).filter((name) => name.endsWith(ending))
	.map((name) => readFileSync(path.join(root, part, name), 'utf8'));

// What {{_ …}} and {{_count one|many}} of a template say: [one, many or undefined, the place of the count].
function ofTemplate(text) {
	return [...text.matchAll(/\{\{_(\S*) ((?:[^}]|\}(?!\}))*\}?)\}\}/g)]
		.map(([, count, words]) => (count === '' ? [words] : [...words.split('|'), `{${count.replace(/\.n$/, '')}}`]));
}

const ofCode = (text) => [...text.matchAll(/\bMESSAGE\(("(?:[^"\\]|\\.)*")\)/g)].map(([, literal]) => [JSON.parse(literal)]);

const wanted = new Map([...filesOf('src/web', '.html').flatMap(ofTemplate), ...filesOf('src/routes', '.c').flatMap(ofCode)]
	.map((message) => [message[0], message]));

// A .po file's messages: { one, many, words: […], fuzzy }. The header is the one with no words of its own.
function read(language) {
	return readFileSync(path.join(folder, `${language}.po`), 'utf8').split(/\n\n+/).map((block) => {
		const message = { one: '', many: undefined, words: [], fuzzy: /^#,.*fuzzy/m.test(block) };
		let append = () => assert.fail(block);

		for (const line of block.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
			const [, keyword, literal] = /^(msgid|msgid_plural|msgstr(?:\[\d\])?)? ?(".*")$/.exec(line) ?? assert.fail(line);
			const put = { msgid: (text) => { message.one += text; }, msgid_plural: (text) => { message.many = (message.many ?? '') + text; } };

			if (keyword?.startsWith('msgstr'))
				message.words.push('');
			if (keyword)
				append = put[keyword] ?? ((text) => { message.words[message.words.length - 1] += text; });
			append(JSON.parse(literal));
		}
		return message;
	}).filter(({ one }) => one !== '');
}

const places = (text) => [...text.matchAll(/\{[^}]*\}/g)].map(([place]) => place).sort();

test('there are messages', () => {
	assert.ok(wanted.size > 90, String(wanted.size));
	assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.po')).sort(), languages.map((each) => `${each}.po`).sort());
});

for (const language of languages)
	describe(language, () => {
		const messages = read(language);

		test('no message is missing, and none is there in vain', () => {
			assert.deepEqual(messages.map(({ one }) => one).sort(), [...wanted.keys()].sort());
			for (const { one, many } of messages)
				assert.equal(many, wanted.get(one)[1], one);
		});

		test('every message has all its words, and none is fuzzy', () => {
			const forms = { de: 2, fr: 2, es: 2, uk: 3, ja: 1, ar: 6 }[language];

			for (const { one, many, words, fuzzy } of messages) {
				assert.equal(words.length, many === undefined ? 1 : forms, one);
				assert.ok(words.every((text) => text.trim() === text && text !== ''), one);
				assert.ok(!fuzzy, one);
			}
		});

		test('every value of a message has its place', () => {
			for (const { one, many, words } of messages)
				words.forEach((text) => {
					// A form for one number alone may spell that out.
					const count = many === undefined || places(text).includes(wanted.get(one)[2]) ? [] : [wanted.get(one)[2]];

					assert.deepEqual([...places(text), ...count].sort(), places(one), text);
				});
		});

		test('the plural forms are those of Unicode', () => {
			const rules = new Intl.PluralRules(language);
			const byRule = new Map();

			for (let count = 0; count <= 200; count++) {
				const rule = rules.select(count);
				const index = pluralIndex(language, count);

				if (!byRule.has(rule))
					byRule.set(rule, index);
				assert.equal(index, byRule.get(rule), `${count} is ${rule}`);
			}
			assert.equal(new Set(byRule.values()).size, byRule.size);
		});
	});

// The header's own expression, which C and JavaScript read alike.
function pluralIndex(language, count) {
	const [, expression] = /plural=(.*?);\\n/.exec(readFileSync(path.join(folder, `${language}.po`), 'utf8'));

	return Number(Function('n', `return ${expression}`)(count));
}
