/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * <tchar.h>: text that is narrow or wide as UNICODE says. The C library of
 * Linux has no calls for 16-bit text, so that with UNICODE only _T() and
 * TCHAR are there.
 */
#ifndef _MAILSLOT_TCHAR_H
#define _MAILSLOT_TCHAR_H

#include "windef.h"

#define _T(quote)	__TEXT(quote)
#define _TEXT(quote)	__TEXT(quote)

#ifndef UNICODE
#define _tmain		main
#define _tprintf	printf
#define _ftprintf	fprintf
#define _stprintf	sprintf
#define _tcslen		strlen
#define _tcscpy		strcpy
#define _tcscat		strcat
#define _tcscmp		strcmp
#define _tcsicmp	strcasecmp
#endif

#endif /* _MAILSLOT_TCHAR_H */
