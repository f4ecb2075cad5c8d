/* SPDX-License-Identifier: Apache-2.0 */
#include "prot_cli.h"

#include <signal.h>
#include <string.h>
#include <time.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

void prot_cli_catch_signals(void)
{
	struct sigaction action;

	/* Without SA_RESTART poll() and friends return when one arrives. */
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

bool prot_cli_interrupted(void)
{
	return interrupted != 0;
}

bool prot_cli_interrupt_taken(void)
{
	bool taken = interrupted != 0;

	interrupted = 0;
	return taken;
}

uint64_t prot_cli_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}
