#include "routes/page_look.h"

static bool has_colours(const struct config *config)
{
	return config != NULL && config->look.has_colours;
}

static void write_palette(struct buffer *out, const struct palette *palette)
{
	char text[COLOUR_TEXT_SIZE];

	for (unsigned i = 0; i < PALETTE_ROLES; i++) {
		colour_format(palette->colours[i], text);
		buffer_format(out, "%s--%s:%s", i == 0 ? "" : ";", palette_role_name((enum palette_role)i), text);
	}
}

void page_look_style(struct buffer *out, const struct config *config)
{
	if (!has_colours(config))
		return;
	buffer_text(out, ":root{");
	write_palette(out, &config->look.palettes[SCHEME_LIGHT]);
	buffer_text(out, "}@media screen and (prefers-color-scheme:dark){:root{");
	write_palette(out, &config->look.palettes[SCHEME_DARK]);
	buffer_text(out, "}}");
}

void page_look_style_for(struct buffer *out, const struct config *config, const char *selector)
{
	char light[COLOUR_TEXT_SIZE];
	char dark[COLOUR_TEXT_SIZE];

	if (!has_colours(config))
		return;
	buffer_format(out, "%s{", selector);
	write_palette(out, &config->look.palettes[SCHEME_LIGHT]);
	buffer_format(out, "}@supports(color:light-dark(#000,#fff)){%s{", selector);
	for (unsigned i = 0; i < PALETTE_ROLES; i++) {
		colour_format(config->look.palettes[SCHEME_LIGHT].colours[i], light);
		colour_format(config->look.palettes[SCHEME_DARK].colours[i], dark);
		buffer_format(out, "%s--%s:light-dark(%s,%s)", i == 0 ? "" : ";", palette_role_name((enum palette_role)i), light, dark);
	}
	buffer_text(out, "}}");
}

static void page_foot_links(struct page_data *data, const struct look *look)
{
	page_object_open(data, "foot_links");
	page_list_open(data, "each");
	for (size_t i = 0; i < look->link_count; i++) {
		page_item_open(data);
		page_text(data, "text", look->links[i].text);
		page_text(data, "url", look->links[i].url);
		page_item_close(data);
	}
	page_list_close(data);
	page_object_close(data);
}

static const char *logo_text(const struct config *config)
{
	const struct look *look = &config->look;

	if (look->logo_file[0] == '\0')
		return NULL;
	return look->logo_text[0] != '\0' ? look->logo_text : config->organisation_name;
}

void page_look(struct page_data *data, const struct config *config)
{
	struct buffer style = BUFFER(PAGE_BYTES_MAX);

	page_look_style(&style, config);
	buffer_char(&style, '\0');
	page_text(data, "colours", buffer_err(&style) == OK ? style.data : NULL);
	data->failed = data->failed || buffer_err(&style) != OK;
	buffer_free(&style);
	page_text(data, "logo", config == NULL ? NULL : logo_text(config));
	page_text(data, "foot", config == NULL || config->look.foot[0] == '\0' ? NULL : config->look.foot);
	if (config != NULL && config->look.link_count > 0)
		page_foot_links(data, &config->look);
	else
		page_absent(data, "foot_links");
}
