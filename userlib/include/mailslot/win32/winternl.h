/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <winternl.h>: the NT layer, for programs that include it by that name. */
#ifndef _MAILSLOT_WIN32_WINTERNL_H
#define _MAILSLOT_WIN32_WINTERNL_H

#include "../winternl.h"

#endif /* _MAILSLOT_WIN32_WINTERNL_H */
