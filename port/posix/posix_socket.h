/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POSIX_SOCKET_H
#define POSIX_SOCKET_H

/* Small messages go back and forth: waiting to fill segments would stall. */
void prot_posix_tcp_no_delay(int fd);

#endif /* POSIX_SOCKET_H */
