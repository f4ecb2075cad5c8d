/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_EVB_H
#define PROT_AST_EVB_H

/*
 * What the evaluation boards of AST1030 and AST1060 have in common: timer 1 as
 * clock, watchdog 1, the console on UART5, MCTP on UART1 and on the I2C bus 2.
 */

#include "ast_board.h"

extern const struct prot_clock prot_ast_evb_clock;
extern const struct prot_watchdog prot_ast_evb_watchdog;
extern const struct prot_uart prot_ast_evb_console;
extern const struct prot_ast_uart prot_ast_evb_console_uart;
extern const struct prot_ast_uart prot_ast_evb_mctp_uart;
extern const struct prot_ast_board_smbus prot_ast_evb_smbus;
/* Reset of a BMC at M5 and H2, of a chip set at M2. */
extern const struct prot_ast_hosts prot_ast_evb_hosts;

/* Clock and clock gates; the pins are the board's. */
void prot_ast_evb_early(void);

#endif /* PROT_AST_EVB_H */
