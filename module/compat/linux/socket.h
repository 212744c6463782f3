/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MAILSLOT_COMPAT_SOCKET_H
#define _MAILSLOT_COMPAT_SOCKET_H

#include_next <linux/socket.h>
#include "../version.h"

/* 6.19: addresses whose real size is known elsewhere have a type of their own. */
#if MAILSLOT_BEFORE(6, 19)
#define sockaddr_unsized sockaddr
#endif

#endif /* _MAILSLOT_COMPAT_SOCKET_H */
