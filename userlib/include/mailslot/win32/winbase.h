/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <winbase.h>, for programs that include it instead of <windows.h>. */
#ifndef _MAILSLOT_WINBASE_H
#define _MAILSLOT_WINBASE_H

#include "windows.h"

#endif /* _MAILSLOT_WINBASE_H */
