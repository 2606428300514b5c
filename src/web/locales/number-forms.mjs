// Writes src/web/number_forms.c: how each language writes numbers and amounts. Run it when a language or a currency
// is added.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { languages, quote, root, save } from './cldr.mjs';

const rows = readFileSync(path.join(root, 'src/domain/money.c'), 'utf8').matchAll(/\{ "([A-Z]+)", \d \}/g);
const currencies = [...rows].map(([, code]) => code);
// Codes of ISO's form are Intl's; it knows no longer ones, which are written as one that has no symbol.
const known = currencies.filter((code) => code.length === 3);
const plain = 'CHW';

// What stands before and behind the digits of an amount; "$" stands for the symbol.
function affixes(language, currency, sign) {
	const parts = new Intl.NumberFormat(language, { style: 'currency', currency }).formatToParts(sign);
	const digits = parts.map(({ type }, i) => (/^(integer|decimal|fraction|group)$/.test(type) ? i : -1)).filter((i) => i >= 0);
	const write = (some) => some.map(({ type, value }) => (type === 'currency' ? '$' : value)).join('');

	return [write(parts.slice(0, digits[0])), write(parts.slice(digits.at(-1) + 1))];
}

const symbolOf = (language, currency) => new Intl.NumberFormat(language, { style: 'currency', currency }).formatToParts(1)
	.find(({ type }) => type === 'currency').value;

// Among letters that run leftwards the last sign of "US$" would stand in front of it: a mark that cannot be seen keeps it behind.
const keepTogether = (language, symbol) => (language === 'ar' && /^[A-Z]+[^A-Z]$/.test(symbol) ? `${symbol}\u200e` : symbol);

function formsOf(language) {
	const parts = new Intl.NumberFormat(language, { style: 'currency', currency: plain }).formatToParts(12345678.5);
	const value = (type) => parts.find((part) => part.type === type).value;
	const frames = [];
	const frameOf = (currency) => {
		const frame = JSON.stringify([...affixes(language, currency, 1), ...affixes(language, currency, -1)]);

		if (!frames.includes(frame))
			frames.push(frame);
		return frames.indexOf(frame);
	};
	const percent = new Intl.NumberFormat(language, { style: 'percent' }).formatToParts(0.5);

	frameOf(plain);
	const own = known.map((code) => ({ code, symbol: keepTogether(language, symbolOf(language, code)), frame: frameOf(code) }))
		.filter(({ code, symbol, frame }) => symbol !== code || frame !== 0);

	return { decimal: value('decimal'), group: value('group'), percent: percent.slice(1).map((part) => part.value).join(''),
		least: new Intl.NumberFormat(language).format(1234).length > 4 ? 4 : 5, frames: frames.map((frame) => JSON.parse(frame)), own };
}

const all = languages.map((language) => ({ language, ...formsOf(language) }));

save('number_forms', 'number-forms.mjs', `${all.map(({ language, frames, own }) => `static const struct number_frame ${language}_frames[] = {
${frames.map((frame) => `	{ ${frame.map(quote).join(', ')} },`).join('\n')}
};

static const struct number_symbol ${language}_symbols[] = {
${own.map(({ code, symbol, frame }) => `	{ "${code}", ${quote(symbol)}, ${frame} },`).join('\n')}
};
`).join('\n')}
#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

const struct number_forms number_forms[LANGUAGES] = {
${all.map(({ language, decimal, group, percent, least }) => `	[LANGUAGE_${language.toUpperCase()}] = { ${[decimal, group, percent].map(quote).join(', ')}, ${least}, ${language}_frames, ${language}_symbols, COUNT_OF(${language}_symbols) },`).join('\n')}
};
`);
