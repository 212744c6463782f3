/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * <windows.h> for programs that use mailslots. With this folder on the include
 * path they compile as they stand, and link with -lmailslot.
 */
#ifndef _MAILSLOT_WINDOWS_H
#define _MAILSLOT_WINDOWS_H

/* Programs count on these, because Microsoft's header brings them along. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../win32.h"
#include "winutil.h"

#endif /* _MAILSLOT_WINDOWS_H */
