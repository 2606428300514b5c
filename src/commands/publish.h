/*
 * publish.h -- pledger publish: what donors see of each campaign as static files,
 * for a CDN or a static site.
 */
#ifndef COMMANDS_PUBLISH_H
#define COMMANDS_PUBLISH_H

int command_publish(int argc, char **argv);

#endif
