/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include "ast_board.h"
#include "ast_systick.h"
#include "start.h"

#define CORE_HZ 200000000u
#define TICK_US 1000u
#define LOOKS   20000
#define SPAN_US 50000u

static struct prot_ast_systick_state tick_state;
static struct prot_ast_systick tick = {CORE_HZ, TICK_US, &tick_state};
static const struct prot_clock systick = {&prot_ast_systick_ops, &tick};
static volatile uint32_t ticks;

void prot_ast_interrupt(uint32_t exception)
{
	(void)exception;
	ticks++;
	prot_ast_systick_irq(&tick);
}

static void never_backwards(const struct prot_clock *c)
{
	uint64_t last = prot_clock_us(c);

	for (int i = 0; i < LOOKS; i++) {
		uint64_t now = prot_clock_us(c);

		TARGET_CHECK(now >= last);
		last = now;
	}
	TARGET_CHECK(last > 0);
}

static void test_timer_clock__many_looks__never_backwards(void)
{
	never_backwards(prot_ast_board.seams.clock);
}

static void with_systick(void (*call)(void))
{
	TARGET_CHECK(prot_ast_systick_start(&tick) == PROT_OK);
	ticks = 0;
	prot_ast_interrupts_on();
	call();
	prot_ast_interrupts_off();
	prot_ast_systick_stop();
}

static void look_often(void)
{
	never_backwards(&systick);
}

static void test_systick__many_looks__never_backwards(void)
{
	with_systick(look_often);
}

/*
 * An emulator that is held up loses ticks, so that the SysTick may be late; it
 * is never early, and interrupts come.
 */
static void compare(void)
{
	const struct prot_clock *timer = prot_ast_board.seams.clock;
	uint64_t timer_start = prot_clock_us(timer);
	uint64_t systick_start = prot_clock_us(&systick);
	uint64_t passed;

	prot_clock_delay_us(timer, SPAN_US);
	passed = prot_clock_us(&systick) - systick_start;
	TARGET_CHECK(passed <= prot_clock_us(timer) - timer_start + 100);
	TARGET_CHECK(passed >= SPAN_US / 4);
	TARGET_CHECK(ticks >= SPAN_US / TICK_US / 4);
}

static void test_systick__beside_timer__same_time(void)
{
	with_systick(compare);
}

static void test_watchdog__fed__no_reset(void)
{
	const struct prot_watchdog *w = prot_ast_board.seams.watchdog;

	w->ops->start(w->ctx, 200);
	for (int i = 0; i < 10; i++) {
		prot_clock_delay_us(prot_ast_board.seams.clock, 50000);
		w->ops->feed(w->ctx);
	}
	w->ops->stop(w->ctx);
	prot_clock_delay_us(prot_ast_board.seams.clock, 300000);
}

static void test_watchdog__not_fed__reset(void)
{
	const struct prot_watchdog *w = prot_ast_board.seams.watchdog;

	w->ops->start(w->ctx, 50);
	prot_clock_delay_us(prot_ast_board.seams.clock, 2000000);
}

static bool by_watchdog(enum prot_reset_reason reason,
			const struct prot_ast_fault *fault)
{
	(void)fault;
	return reason == PROT_RESET_WATCHDOG;
}

static void test_reset__requested__reason_kept(void)
{
	prot_ast_board_reset(PROT_RESET_REQUESTED);
}

static bool by_request(enum prot_reset_reason reason,
		       const struct prot_ast_fault *fault)
{
	(void)fault;
	return reason == PROT_RESET_REQUESTED;
}

#define TEST(name) #name, name

const struct target_test target_clock_tests[] = {
	{TEST(test_timer_clock__many_looks__never_backwards), NULL},
	{TEST(test_systick__many_looks__never_backwards), NULL},
	{TEST(test_systick__beside_timer__same_time), NULL},
	{TEST(test_watchdog__fed__no_reset), NULL},
	{TEST(test_watchdog__not_fed__reset), by_watchdog},
	{TEST(test_reset__requested__reason_kept), by_request},
	{NULL, NULL, NULL},
};
