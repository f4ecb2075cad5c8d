/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The devices that QEMU puts on the buses of an ast1030-evb: an EEPROM of 256
 * bytes at address 50h of bus 0, a TMP105 thermometer at 4Dh of bus 1. Nobody
 * there addresses us.
 */
#include "target.h"

#include "ast10x0.h"
#include "ast_board.h"
#include "ast_i2c.h"

#include <prot/port/smbus_link.h>

#include <string.h>

#define EEPROM      0x50
#define THERMOMETER 0x4D
#define NOBODY      0x33
#define OWN         0x10
#define LIMIT_US    1000000u

static struct prot_ast_i2c_state states[2];
static struct prot_ast_i2c buses[2];
static uint8_t buffers[2 * PROT_SMBUS_LINK_TARGET_BUFFER];
static uint8_t tx[33];
static uint8_t rx[33];
static struct prot_smbus_link link;

static void start(void)
{
	for (unsigned i = 0; i < 2; i++) {
		buses[i] = (struct prot_ast_i2c){
			.base = AST_I2C_BUS_BASE + i * AST_I2C_BUS_STRIDE,
			.dma_offset = AST_I2C_DMA_OFFSET,
			.speed_hz = 100000,
			.clock = prot_ast_board.seams.clock,
			.state = &states[i],
		};
	}
	buses[1].address[0] = OWN;
	buses[1].buffers = buffers;
	buses[1].buffer_size = PROT_SMBUS_LINK_TARGET_BUFFER;
	buses[1].buffer_count = 2;
	prot_ast_i2c_global_init(prot_ast_board.seams.clock);
	TARGET_CHECK(prot_ast_i2c_init(&buses[0]) == PROT_OK);
	TARGET_CHECK(prot_ast_i2c_init(&buses[1]) == PROT_OK);
}

static enum prot_status transfer(unsigned bus, uint8_t address, size_t tx_len,
				 size_t rx_len)
{
	const struct prot_i2c_transfer t = {address, tx, tx_len, rx, rx_len};
	uint64_t start_us = prot_clock_us(prot_ast_board.seams.clock);
	enum prot_status st;

	do {
		st = prot_ast_i2c_controller_ops.transfer(&buses[bus], &t);
		prot_ast_i2c_irq(&buses[bus]);
		TARGET_CHECK(prot_clock_us(prot_ast_board.seams.clock) -
				     start_us <
			     LIMIT_US);
	} while (st == PROT_PENDING);
	return st;
}

/* Its limit registers keep what is written: 02h and 03h, 12 bits each. */
static void test_i2c__thermometer__registers_keep_values(void)
{
	start();
	for (uint8_t reg = 2; reg <= 3; reg++) {
		tx[0] = reg;
		tx[1] = (uint8_t)(0x10 + reg);
		tx[2] = 0x50;
		TARGET_CHECK(transfer(1, THERMOMETER, 3, 0) == PROT_OK);
	}
	for (uint8_t reg = 2; reg <= 3; reg++) {
		tx[0] = reg;
		TARGET_CHECK(transfer(1, THERMOMETER, 1, 2) == PROT_OK);
		TARGET_CHECK(rx[0] == 0x10 + reg && rx[1] == 0x50);
	}
}

static void test_i2c__eeprom__bytes_come_back(void)
{
	uint8_t written[32];

	start();
	tx[0] = 0x20; /* where */
	for (uint8_t i = 0; i < sizeof(written); i++) {
		tx[1 + i] = (uint8_t)(i * 7 + 3);
	}
	memcpy(written, tx + 1, sizeof(written));
	TARGET_CHECK(transfer(0, EEPROM, 1 + sizeof(written), 0) == PROT_OK);
	memset(rx, 0, sizeof(rx));
	TARGET_CHECK(transfer(0, EEPROM, 1, sizeof(written)) == PROT_OK);
	TARGET_CHECK(memcmp(rx, written, sizeof(written)) == 0);
	/* A read alone goes on where the last one ended. */
	tx[0] = 0x20;
	TARGET_CHECK(transfer(0, EEPROM, 1, 1) == PROT_OK);
	TARGET_CHECK(transfer(0, EEPROM, 0, 1) == PROT_OK);
	TARGET_CHECK(rx[0] == written[1]);
}

static void test_i2c__nobody_there__not_found_then_usable(void)
{
	start();
	TARGET_CHECK(transfer(1, NOBODY, 3, 0) == PROT_ERR_NOT_FOUND);
	TARGET_CHECK(transfer(1, NOBODY, 0, 3) == PROT_ERR_NOT_FOUND);
	TARGET_CHECK(transfer(1, NOBODY, 2, 2) == PROT_ERR_NOT_FOUND);
	TARGET_CHECK(transfer(1, NOBODY, 0, 0) == PROT_ERR_NOT_FOUND);
	TARGET_CHECK(states[1].counts.nak == 4);
	TARGET_CHECK(transfer(1, THERMOMETER, 0, 0) == PROT_OK);
	tx[0] = 0;
	TARGET_CHECK(transfer(1, THERMOMETER, 1, 2) == PROT_OK);
}

/* A packet for an address where nobody is goes through all of the sender. */
static void test_smbus_link__nobody_there__given_up_link_ready(void)
{
	static struct prot_smbus_link_config config;
	static const uint8_t packet[] = {1, 0, 8, 0xC8, 0, 0x80, 2};
	const struct prot_mctp_addr to = prot_mctp_smbus_addr(NOBODY);
	struct prot_mctp_addr from;
	uint8_t *p;
	size_t len;
	uint64_t now = 0;

	start();
	config.controller = (struct prot_i2c_controller){
		&prot_ast_i2c_controller_ops, &buses[1]};
	config.target =
		(struct prot_i2c_target){&prot_ast_i2c_target_ops, &buses[1]};
	config.address = OWN;
	TARGET_CHECK(prot_smbus_link_init(&link, &config) == PROT_OK);
	TARGET_CHECK(prot_smbus_link_ops.tx(&link, &to, packet,
					    sizeof(packet)) == PROT_OK);
	while (!prot_smbus_link_flush(&link, now)) {
		prot_ast_i2c_irq(&buses[1]);
		now++;
		TARGET_CHECK(now < 1000);
	}
	TARGET_CHECK(prot_mctp_smbus_tx_counters(&link.sender)->given_up == 1);
	TARGET_CHECK(states[1].counts.nak == 1 + PROT_MCTP_SMBUS_NACK_RETRIES);
	TARGET_CHECK(prot_smbus_link_next(&link, &p, &len, &from) ==
		     PROT_PENDING);
}

#define TEST(name) #name, name

const struct target_test target_i2c_tests[] = {
	{TEST(test_i2c__thermometer__registers_keep_values), NULL},
	{TEST(test_i2c__eeprom__bytes_come_back), NULL},
	{TEST(test_i2c__nobody_there__not_found_then_usable), NULL},
	{TEST(test_smbus_link__nobody_there__given_up_link_ready), NULL},
	{NULL, NULL, NULL},
};
