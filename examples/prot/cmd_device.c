/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <prot/mctp/wire.h>
#include <prot/port/posix_board.h>
#include <prot/port/posix_link.h>
#include <prot/port/posix_pcap.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WATCHDOG_MS      10000
#define POLL_MS          50
#define POWER_OFF_MS     2000 /* for the runtime to end by itself */
#define RESTART_PAUSE_MS 200  /* after a crash: no busy loop of resets */

enum {
	OPT_WATCHDOG = 0x100,
	OPT_MTU,
	OPT_CONFIRM,
	OPT_PCAP,
	OPT_SPDM,
};

static const struct argp_option options[] = {
	{"state", 's', "DIR", 0,
	 "the device's state directory, see 'prot provision' (required)", 0},
	{"listen", 'l', "SPEC", 0,
	 "mctp:HOST:PORT (MCTP packets), emu:HOST:PORT (spdm-emu sockets) or "
	 "serial:unix:PATH (MCTP serial framing); "
	 "may be given up to four times (default mctp:127.0.0.1:2400)",
	 0},
	{"watchdog", OPT_WATCHDOG, "MS", 0,
	 "reset the device when its runtime is silent for so long (default "
	 "10000)",
	 0},
	{"mtu", OPT_MTU, "BYTES", 0,
	 "send packet bodies of at most BYTES (from 64; default: whole "
	 "messages); always 64 on serial:unix:PATH",
	 0},
	{"confirm-after", OPT_CONFIRM, "MS", 0,
	 "time that a runtime must be up and healthy before it is confirmed",
	 0},
	{"spdm-version", OPT_SPDM, "VERSION", 0,
	 "the SPDM version spoken, 1.2 or 1.3 (default 1.3)", 0},
	{"pcap", OPT_PCAP, "FILE", 0,
	 "record every MCTP packet in FILE; see 'prot trace'", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static void add_listener(struct prot_device_options *o,
			 struct argp_state *state, const char *text)
{
	if (o->listen_count == PROT_CLI_LISTENERS) {
		argp_error(state, "at most %d --listen", PROT_CLI_LISTENERS);
	}
	struct prot_cli_endpoint *e = &o->listen[o->listen_count];

	if (!prot_cli_endpoint_parse(text, e) || e->baud != 0) {
		argp_error(state,
			   "--listen wants " PROT_CLI_LISTEN_FORMS ", not '%s'",
			   text);
	}
	o->listen_count++;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct prot_device_options *o = state->input;

	switch (key) {
	case 's':
		o->state = arg;
		return 0;
	case 'l':
		add_listener(o, state, arg);
		return 0;
	case OPT_WATCHDOG:
		o->watchdog_ms = (uint32_t)prot_cli_number(state, "--watchdog",
							   arg, 3600000);
		return 0;
	case OPT_MTU:
		if (prot_cli_number(state, "--mtu", arg,
				    PROT_POSIX_LINK_MTU_MAX) < PROT_MCTP_BTU) {
			argp_error(state, "--mtu must be at least 64");
		}
		o->mtu = arg;
		return 0;
	case OPT_CONFIRM:
		(void)prot_cli_number(state, "--confirm-after", arg, 3600000);
		o->confirm_ms = arg;
		return 0;
	case OPT_SPDM:
		if (strcmp(arg, "1.2") != 0 && strcmp(arg, "1.3") != 0) {
			argp_error(state, "--spdm-version wants 1.2 or 1.3");
		}
		o->spdm_version = arg;
		return 0;
	case OPT_PCAP:
		o->pcap = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		if (!o->state) {
			argp_error(state, "--state is required");
		}
		if (o->listen_count == 0) {
			add_listener(o, state, "mctp");
		}
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Run a device: boot it from its state directory, serve MCTP, "
	       "and start it again when it resets, crashes or hangs, until "
	       "SIGINT or SIGTERM. SIGHUP is a power cycle. It listens on "
	       "loopback unless a HOST says "
	       "otherwise. Exit code 1: the device locked down, nothing in it "
	       "may run.",
};

/* Set by SIGHUP, the power cycle. */
static volatile sig_atomic_t cycle_wanted;

static void on_hangup(int number)
{
	(void)number;
	cycle_wanted = 1;
}

static void catch_hangup(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_hangup;
	sigaction(SIGHUP, &action, NULL);
}

struct supervisor {
	struct prot_device_options options;
	struct prot_device_run run;
	int lock;
	pid_t child;
	int beats; /* read end of the heartbeat */
	bool watchdog_fired;
};

static enum prot_status listen_at(struct prot_cli_endpoint *e, int *fd)
{
	enum prot_status st;

	if (e->framing == PROT_CLI_SERIAL) {
		return prot_posix_unix_listen(e->host, fd);
	}
	st = prot_posix_tcp_listen(e->host, e->port, fd);
	if (st == PROT_OK && e->port == 0) {
		e->port = prot_posix_tcp_port(*fd);
	}
	return st;
}

static bool listen_all(struct supervisor *s)
{
	char text[PROT_CLI_ENDPOINT_TEXT];

	for (size_t i = 0; i < s->options.listen_count; i++) {
		struct prot_cli_endpoint *e = &s->options.listen[i];
		enum prot_status st = listen_at(e, &s->run.listener[i]);

		prot_cli_endpoint_text(e, text);
		if (st != PROT_OK) {
			prot_cli_error("cannot listen on %s: %s", text,
				       st == PROT_ERR_NOT_FOUND
					       ? "unknown host"
					       : strerror(errno));
			return false;
		}
		printf("device: listening on %s\n", text);
	}
	fflush(stdout);
	return true;
}

static bool lock_state(struct supervisor *s)
{
	enum prot_status st =
		prot_posix_lock_directory(s->options.state, &s->lock);

	if (st != PROT_OK) {
		prot_cli_error("cannot use %s: %s", s->options.state,
			       st == PROT_ERR_BUSY ? "a device runs from it"
						   : strerror(errno));
	}
	return st == PROT_OK;
}

static bool open_trace(struct supervisor *s)
{
	if (s->options.pcap &&
	    prot_posix_pcap_create(s->options.pcap, &s->run.pcap) != PROT_OK) {
		prot_cli_error("cannot write %s: %s", s->options.pcap,
			       strerror(errno));
		return false;
	}
	return true;
}

/* In the new process. The device must not outlive its power supply. */
static void run_child(struct supervisor *s, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) {
		_exit(PROT_POSIX_RUN_POWER_OFF);
	}
	signal(SIGINT, SIG_IGN); /* ^C reaches it through the supervisor */
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_IGN);
	close(s->beats);
	int code = prot_device_boot(&s->run);

	fflush(stdout);
	_exit(code);
}

static bool power_on(struct supervisor *s)
{
	pid_t self = getpid();

	if (prot_posix_heartbeat_open(&s->beats, &s->run.heartbeat) !=
	    PROT_OK) {
		prot_cli_error("cannot make a pipe: %s", strerror(errno));
		return false;
	}
	fflush(stdout);
	s->child = fork();
	if (s->child == 0) {
		run_child(s, self);
	}
	close(s->run.heartbeat);
	if (s->child < 0) {
		prot_cli_error("cannot start a process: %s", strerror(errno));
		close(s->beats);
		return false;
	}
	return true;
}

static void pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

static int end_child(struct supervisor *s)
{
	uint64_t deadline = prot_cli_now_ms() + POWER_OFF_MS;
	int status = 0;

	kill(s->child, SIGTERM);
	while (waitpid(s->child, &status, WNOHANG) == 0) {
		if (prot_cli_now_ms() > deadline) {
			kill(s->child, SIGKILL);
		}
		pause_ms(POLL_MS / 5);
	}
	return status;
}

/* Until the run ends, by itself or not: its wait status. */
static int watch(struct supervisor *s)
{
	uint64_t last = prot_cli_now_ms();
	int status = 0;

	s->watchdog_fired = false;
	while (waitpid(s->child, &status, WNOHANG) == 0) {
		struct pollfd p = {.fd = s->beats, .events = POLLIN};

		if (prot_cli_interrupted() || cycle_wanted) {
			status = end_child(s);
			break;
		}
		/* A closed pipe says nothing new: do not spin on it. */
		if (poll(&p, 1, POLL_MS) > 0 && !(p.revents & POLLIN)) {
			pause_ms(POLL_MS / 5);
		}
		if (prot_posix_heartbeat_seen(s->beats)) {
			last = prot_cli_now_ms();
			pause_ms(POLL_MS / 5);
		}
		if (s->options.watchdog_ms != 0 &&
		    prot_cli_now_ms() - last > s->options.watchdog_ms) {
			s->watchdog_fired = true;
			kill(s->child, SIGKILL);
		}
	}
	close(s->beats);
	return status;
}

/* The reason for the next start. False: there is none. */
static bool judge(struct supervisor *s, int status, int *code)
{
	int end = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	*code = PROT_EXIT_YES;
	if (prot_cli_interrupted()) {
		printf("device: power off\n");
		return false;
	}
	if (cycle_wanted) {
		cycle_wanted = 0;
		printf("device: power cycle\n");
		s->run.reason = PROT_RESET_POWER_ON;
	} else if (s->watchdog_fired) {
		printf("device: watchdog, silent for %u ms\n",
		       (unsigned)s->options.watchdog_ms);
		s->run.reason = PROT_RESET_WATCHDOG;
	} else if (end == PROT_POSIX_RUN_RESET) {
		printf("device: reset\n");
		s->run.reason = PROT_RESET_REQUESTED;
	} else if (end == PROT_POSIX_RUN_LOCKDOWN) {
		printf("device: locked down\n");
		*code = PROT_EXIT_NO;
		return false;
	} else if (end == PROT_POSIX_RUN_CONFIG) {
		*code = PROT_EXIT_FAILED;
		return false;
	} else {
		printf("device: the runtime ended by %s %d\n",
		       WIFSIGNALED(status) ? "signal" : "exit code",
		       WIFSIGNALED(status) ? WTERMSIG(status) : end);
		s->run.reason = PROT_RESET_FAULT;
		pause_ms(RESTART_PAUSE_MS);
	}
	return true;
}

static int supervise(struct supervisor *s)
{
	int code = PROT_EXIT_FAILED;
	bool again = true;

	s->run.options = &s->options;
	s->run.reason = PROT_RESET_POWER_ON;
	while (again) {
		if (!power_on(s)) {
			return PROT_EXIT_FAILED;
		}
		again = judge(s, watch(s), &code);
		fflush(stdout);
	}
	return code;
}

static void stop_listening(const struct supervisor *s)
{
	for (size_t i = 0; i < s->options.listen_count; i++) {
		const struct prot_cli_endpoint *e = &s->options.listen[i];

		if (s->run.listener[i] <= 0) {
			continue;
		}
		close(s->run.listener[i]);
		if (e->framing == PROT_CLI_SERIAL) {
			(void)unlink(e->host);
		}
	}
}

static int run(int argc, char **argv)
{
	struct supervisor s = {.options = {.watchdog_ms = WATCHDOG_MS},
			       .run = {.pcap = -1},
			       .lock = -1};
	int code = PROT_EXIT_FAILED;

	prot_cli_parse(&argp, argc, argv, &s.options);
	prot_cli_catch_signals();
	catch_hangup();
	if (lock_state(&s) && open_trace(&s) && listen_all(&s)) {
		code = supervise(&s);
	}
	stop_listening(&s);
	if (s.run.pcap >= 0) {
		close(s.run.pcap);
	}
	if (s.lock >= 0) {
		close(s.lock);
	}
	return code;
}

const struct prot_command prot_cmd_device = {
	"device", "be a Root of Trust: boot, serve, reset", run};
