/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CONFIG_H
#define PROT_CONFIG_H

/*
 * Capacities of the device composition (services/device.h). The libraries
 * themselves have none: their memory is what the caller passes. Override with
 * -DPROT_CONFIG_FILE='"my_prot_config.h"', in the compilation of the library
 * (Meson's option c_args) and in that of every program that includes
 * services/device.h. The two must agree: they share struct prot_device, and no
 * compiler or linker notices when its sizes differ.
 */

#ifdef PROT_CONFIG_FILE
#include PROT_CONFIG_FILE
#endif

/*
 * Longest message that the device takes or sends, bytes, MCTP message type
 * included. Costs its size per buffer below. Too small: PLDM transfers get
 * shorter, certificate chains take more round trips, and a measurement record
 * that does not fit is refused.
 */
#ifndef PROT_DEVICE_MESSAGE_SIZE
#define PROT_DEVICE_MESSAGE_SIZE 4352
#endif

/* Messages that may be under assembly at a time, and replies on their way. */
#ifndef PROT_DEVICE_RX_SLOTS
#define PROT_DEVICE_RX_SLOTS 2
#endif
#ifndef PROT_DEVICE_TX_BUFFERS
#define PROT_DEVICE_TX_BUFFERS 2
#endif

/* Largest packet body of the links, bytes. */
#ifndef PROT_DEVICE_MTU_MAX
#define PROT_DEVICE_MTU_MAX PROT_DEVICE_MESSAGE_SIZE
#endif

/*
 * Space for one SPDM response under construction, bytes, for each requester: a
 * crypto provider may take its time, and the requester is told to come back.
 * Longer responses are refused, certificate chains sent in more pieces.
 */
#ifndef PROT_DEVICE_SPDM_DEFERRED_SIZE
#define PROT_DEVICE_SPDM_DEFERRED_SIZE 2048
#endif

/*
 * SPDM requesters served at a time, about 2.2 KB each and the above. One more
 * evicts the connection that was idle longest, which then starts over.
 */
#ifndef PROT_DEVICE_SPDM_CONNECTIONS
#define PROT_DEVICE_SPDM_CONNECTIONS 2
#endif

#if PROT_DEVICE_MESSAGE_SIZE < 512 || PROT_DEVICE_MESSAGE_SIZE > 65535
#error "PROT_DEVICE_MESSAGE_SIZE must be 512 to 65535"
#endif
#if PROT_DEVICE_RX_SLOTS < 1 || PROT_DEVICE_RX_SLOTS > 255
#error "PROT_DEVICE_RX_SLOTS must be 1 to 255"
#endif
#if PROT_DEVICE_TX_BUFFERS < 1 || PROT_DEVICE_TX_BUFFERS > 255
#error "PROT_DEVICE_TX_BUFFERS must be 1 to 255"
#endif
#if PROT_DEVICE_MTU_MAX < 64 || PROT_DEVICE_MTU_MAX > 65531
#error "PROT_DEVICE_MTU_MAX must be 64 to 65531"
#endif
#if PROT_DEVICE_SPDM_DEFERRED_SIZE < 512
#error "PROT_DEVICE_SPDM_DEFERRED_SIZE must be at least 512"
#endif
#if PROT_DEVICE_SPDM_CONNECTIONS < 1 || PROT_DEVICE_SPDM_CONNECTIONS > 255
#error "PROT_DEVICE_SPDM_CONNECTIONS must be 1 to 255"
#endif

#endif /* PROT_CONFIG_H */
