#include "sandbox/page_text.h"

/* Dark text on light, 4.5:1 everywhere, targets of 44 px, the browser's own focus ring. */
const char page_style[] =
	":root { color-scheme: light; }\n"
	"body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: #1a1a24; background: #f4f4f8; }\n"
	"header { background: #4a2d00; }\n"
	".sandbox { margin: 0 auto; max-width: 32rem; padding: .5rem 1rem; color: #fff; }\n"
	"main { margin: 1.5rem auto; max-width: 32rem; padding: 1rem; background: #fff; border: 1px solid #c9c9d6; }\n"
	"h1 { margin: 0 0 .5rem; font-size: 1.5rem; overflow-wrap: anywhere; }\n"
	".lines { padding-left: 1.25rem; }\n"
	".problem { padding: .75rem; border: 2px solid #a30000; color: #7a0000; background: #fff5f5; }\n"
	"label { font-weight: 600; }\n"
	"input[type=email], input[type=text] { display: block; width: 100%; box-sizing: border-box; font: inherit; "
	"padding: .5rem; border: 1px solid #6b6b7b; }\n"
	"fieldset { border: 1px solid #6b6b7b; }\n"
	".choice { padding: .5rem 0; }\n"
	".choice input { width: 1.25rem; height: 1.25rem; vertical-align: middle; margin-right: .5rem; }\n"
	".choice span { color: #4a4a58; }\n"
	"button { min-height: 2.75rem; width: 100%; font: inherit; font-weight: 600; color: #fff; background: #1d3fa8; "
	"border: 0; cursor: pointer; }\n"
	"a { color: #1d3fa8; }\n"
	".cancel { display: inline-block; padding: .625rem 0; }\n";
