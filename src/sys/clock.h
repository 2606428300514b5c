/*
 * clock.h -- what time it is. Everybody else is told the time as an argument.
 */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdint.h>

/* Microseconds since 1970 in UTC. May jump when somebody sets the clock. */
int64_t clock_wall_us(void);

/* Microseconds from an unknown start that never go back; they stand still while the machine sleeps. */
int64_t clock_mono_us(void);

/* Microseconds since the machine was started, sleep included; never go back. */
int64_t clock_boot_us(void);

#endif
