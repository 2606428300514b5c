/*
 * Made by src/web/locales/number-forms.mjs from Unicode CLDR 48.0; not to be edited.
 */
#include "web/number_forms.h"

static const struct number_frame en_frames[] = {
	{ "$\302\240", "", "-$\302\240", "" },
	{ "$", "", "-$", "" },
};

static const struct number_symbol en_symbols[] = {
	{ "AUD", "A$", 1 },
	{ "BRL", "R$", 1 },
	{ "CAD", "CA$", 1 },
	{ "CNY", "CN\302\245", 1 },
	{ "EUR", "\342\202\254", 1 },
	{ "GBP", "\302\243", 1 },
	{ "HKD", "HK$", 1 },
	{ "ILS", "\342\202\252", 1 },
	{ "INR", "\342\202\271", 1 },
	{ "JPY", "\302\245", 1 },
	{ "KRW", "\342\202\251", 1 },
	{ "MXN", "MX$", 1 },
	{ "NZD", "NZ$", 1 },
	{ "PHP", "\342\202\261", 1 },
	{ "TWD", "NT$", 1 },
	{ "USD", "$", 1 },
	{ "VND", "\342\202\253", 1 },
	{ "XAF", "FCFA", 0 },
	{ "XCD", "EC$", 1 },
	{ "XCG", "Cg.", 0 },
	{ "XOF", "F\342\200\257CFA", 0 },
	{ "XPF", "CFPF", 0 },
};

static const struct number_frame de_frames[] = {
	{ "", "\302\240$", "-", "\302\240$" },
};

static const struct number_symbol de_symbols[] = {
	{ "AUD", "AU$", 0 },
	{ "BRL", "R$", 0 },
	{ "CAD", "CA$", 0 },
	{ "CNY", "CN\302\245", 0 },
	{ "EUR", "\342\202\254", 0 },
	{ "GBP", "\302\243", 0 },
	{ "HKD", "HK$", 0 },
	{ "ILS", "\342\202\252", 0 },
	{ "INR", "\342\202\271", 0 },
	{ "JPY", "\302\245", 0 },
	{ "KRW", "\342\202\251", 0 },
	{ "MXN", "MX$", 0 },
	{ "NZD", "NZ$", 0 },
	{ "THB", "\340\270\277", 0 },
	{ "TWD", "NT$", 0 },
	{ "USD", "$", 0 },
	{ "VND", "\342\202\253", 0 },
	{ "XAF", "FCFA", 0 },
	{ "XCD", "EC$", 0 },
	{ "XCG", "Cg.", 0 },
	{ "XOF", "F\342\200\257CFA", 0 },
	{ "XPF", "CFPF", 0 },
};

static const struct number_frame fr_frames[] = {
	{ "", "\302\240$", "-", "\302\240$" },
};

static const struct number_symbol fr_symbols[] = {
	{ "ARS", "$AR", 0 },
	{ "AUD", "$AU", 0 },
	{ "BMD", "$BM", 0 },
	{ "BND", "$BN", 0 },
	{ "BRL", "R$", 0 },
	{ "BZD", "$BZ", 0 },
	{ "CAD", "$CA", 0 },
	{ "CLP", "$CL", 0 },
	{ "COP", "$CO", 0 },
	{ "EUR", "\342\202\254", 0 },
	{ "FJD", "$FJ", 0 },
	{ "FKP", "\302\243FK", 0 },
	{ "GBP", "\302\243GB", 0 },
	{ "GIP", "\302\243GI", 0 },
	{ "ILS", "\342\202\252", 0 },
	{ "INR", "\342\202\271", 0 },
	{ "KRW", "\342\202\251", 0 },
	{ "LBP", "\302\243LB", 0 },
	{ "MXN", "$MX", 0 },
	{ "NAD", "$NA", 0 },
	{ "NZD", "$NZ", 0 },
	{ "SBD", "$SB", 0 },
	{ "SGD", "$SG", 0 },
	{ "SRD", "$SR", 0 },
	{ "TTD", "$TT", 0 },
	{ "USD", "$US", 0 },
	{ "UYU", "$UY", 0 },
	{ "VND", "\342\202\253", 0 },
	{ "WST", "$WS", 0 },
	{ "XAF", "FCFA", 0 },
	{ "XCG", "Cg.", 0 },
	{ "XOF", "F\342\200\257CFA", 0 },
	{ "XPF", "FCFP", 0 },
};

static const struct number_frame es_frames[] = {
	{ "", "\302\240$", "-", "\302\240$" },
};

static const struct number_symbol es_symbols[] = {
	{ "EUR", "\342\202\254", 0 },
	{ "THB", "\340\270\277", 0 },
	{ "USD", "US$", 0 },
	{ "VND", "\342\202\253", 0 },
	{ "XCG", "Cg.", 0 },
	{ "XPF", "CFPF", 0 },
};

static const struct number_frame uk_frames[] = {
	{ "", "\302\240$", "-", "\302\240$" },
};

static const struct number_symbol uk_symbols[] = {
	{ "JPY", "\302\245", 0 },
	{ "UAH", "\342\202\264", 0 },
	{ "XAF", "FCFA", 0 },
	{ "XCG", "Cg.", 0 },
	{ "XOF", "F\342\200\257CFA", 0 },
	{ "XPF", "CFPF", 0 },
};

static const struct number_frame ja_frames[] = {
	{ "$\302\240", "", "-$\302\240", "" },
	{ "$", "", "-$", "" },
};

static const struct number_symbol ja_symbols[] = {
	{ "AUD", "A$", 1 },
	{ "BRL", "R$", 1 },
	{ "CAD", "CA$", 1 },
	{ "CNY", "\345\205\203", 0 },
	{ "EUR", "\342\202\254", 1 },
	{ "GBP", "\302\243", 1 },
	{ "HKD", "HK$", 1 },
	{ "ILS", "\342\202\252", 1 },
	{ "INR", "\342\202\271", 1 },
	{ "JPY", "\357\277\245", 1 },
	{ "KRW", "\342\202\251", 1 },
	{ "MXN", "MX$", 1 },
	{ "NZD", "NZ$", 1 },
	{ "TWD", "NT$", 1 },
	{ "USD", "$", 1 },
	{ "VND", "\342\202\253", 1 },
	{ "XAF", "FCFA", 0 },
	{ "XCD", "EC$", 1 },
	{ "XCG", "Cg", 0 },
	{ "XOF", "F\342\200\257CFA", 0 },
	{ "XPF", "CFPF", 0 },
};

static const struct number_frame ar_frames[] = {
	{ "\342\200\217", "\302\240$", "\342\200\217\342\200\216-", "\302\240$" },
	{ "\342\200\217", "\302\240$\342\200\217", "\342\200\217\342\200\216-", "\302\240$\342\200\217" },
};

static const struct number_symbol ar_symbols[] = {
	{ "AED", "\330\257.\330\245.", 1 },
	{ "AUD", "AU$\342\200\216", 0 },
	{ "BHD", "\330\257.\330\250.", 1 },
	{ "BRL", "R$\342\200\216", 0 },
	{ "CAD", "CA$\342\200\216", 0 },
	{ "CNY", "CN\302\245\342\200\216", 0 },
	{ "DZD", "\330\257.\330\254.", 1 },
	{ "EGP", "\330\254.\331\205.", 1 },
	{ "EUR", "\342\202\254", 0 },
	{ "GBP", "UK\302\243\342\200\216", 0 },
	{ "HKD", "HK$\342\200\216", 0 },
	{ "ILS", "\342\202\252", 0 },
	{ "INR", "\342\202\271", 0 },
	{ "IQD", "\330\257.\330\271.", 1 },
	{ "IRR", "\330\261.\330\245.", 0 },
	{ "JOD", "\330\257.\330\243.", 1 },
	{ "JPY", "JP\302\245\342\200\216", 0 },
	{ "KRW", "\342\202\251", 0 },
	{ "KWD", "\330\257.\331\203.", 1 },
	{ "LBP", "\331\204.\331\204.", 1 },
	{ "LYD", "\330\257.\331\204.", 1 },
	{ "MAD", "\330\257.\331\205.", 1 },
	{ "MRU", "\330\243.\331\205.", 0 },
	{ "MXN", "MX$\342\200\216", 0 },
	{ "NZD", "NZ$\342\200\216", 0 },
	{ "OMR", "\330\261.\330\271.", 1 },
	{ "QAR", "\330\261.\331\202.", 1 },
	{ "SAR", "\330\261.\330\263.", 1 },
	{ "SDG", "\330\254.\330\263.", 0 },
	{ "SYP", "\331\204.\330\263.", 1 },
	{ "THB", "\340\270\277", 0 },
	{ "TND", "\330\257.\330\252.", 1 },
	{ "TWD", "NT$\342\200\216", 0 },
	{ "USD", "US$\342\200\216", 0 },
	{ "VND", "\342\202\253", 0 },
	{ "XAF", "FCFA", 0 },
	{ "XCD", "EC$\342\200\216", 0 },
	{ "XCG", "Cg.", 0 },
	{ "XOF", "F\342\200\257CFA", 0 },
	{ "XPF", "CFPF", 0 },
	{ "YER", "\330\261.\331\212.", 1 },
};

#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

const struct number_forms number_forms[LANGUAGES] = {
	[LANGUAGE_EN] = { ".", ",", "%", 4, en_frames, en_symbols, COUNT_OF(en_symbols) },
	[LANGUAGE_DE] = { ",", ".", "\302\240%", 4, de_frames, de_symbols, COUNT_OF(de_symbols) },
	[LANGUAGE_FR] = { ",", "\342\200\257", "\302\240%", 4, fr_frames, fr_symbols, COUNT_OF(fr_symbols) },
	[LANGUAGE_ES] = { ",", ".", "\302\240%", 5, es_frames, es_symbols, COUNT_OF(es_symbols) },
	[LANGUAGE_UK] = { ",", "\302\240", "%", 4, uk_frames, uk_symbols, COUNT_OF(uk_symbols) },
	[LANGUAGE_JA] = { ".", ",", "%", 4, ja_frames, ja_symbols, COUNT_OF(ja_symbols) },
	[LANGUAGE_AR] = { ".", ",", "\342\200\216%\342\200\216", 4, ar_frames, ar_symbols, COUNT_OF(ar_symbols) },
};
