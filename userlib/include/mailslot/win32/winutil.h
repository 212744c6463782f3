/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Microsoft's own examples of mailslot programs use besides mailslots,
 * and the C library has under another name.
 */
#ifndef _MAILSLOT_WINUTIL_H
#define _MAILSLOT_WINUTIL_H

#include <stdlib.h>
#include <string.h>

#include "windef.h"

typedef HANDLE HGLOBAL, HLOCAL;

#define GMEM_FIXED	0x00U
#define GMEM_ZEROINIT	0x40U
#define GPTR		(GMEM_FIXED | GMEM_ZEROINIT)
#define LMEM_FIXED	GMEM_FIXED
#define LMEM_ZEROINIT	GMEM_ZEROINIT
#define LPTR		GPTR

#define ZeroMemory(dest, len)		memset((dest), 0, (len))
#define FillMemory(dest, len, fill)	memset((dest), (fill), (len))
#define CopyMemory(dest, src, len)	memcpy((dest), (src), (len))
#define MoveMemory(dest, src, len)	memmove((dest), (src), (len))

/**
 * GlobalAlloc() - allocate memory
 * @flags: %GPTR, or %GMEM_FIXED for memory that may hold anything.
 * @len: Bytes.
 *
 * Return: the memory, which is zero in either case; or NULL.
 */
static inline HGLOBAL GlobalAlloc(UINT flags, SIZE_T len)
{
	(void)flags;
	return calloc(1, len ? len : 1);
}

/**
 * GlobalFree() - give memory back
 * @memory: From GlobalAlloc(), or NULL.
 *
 * Return: NULL, which says that it is gone.
 */
static inline HGLOBAL GlobalFree(HGLOBAL memory)
{
	free(memory);
	return NULL;
}

#define LocalAlloc	GlobalAlloc
#define LocalFree	GlobalFree

/**
 * lstrlenA() - length of a string
 * @text: The string, or NULL.
 *
 * Return: its bytes without the NUL, 0 for NULL.
 */
static inline int lstrlenA(LPCSTR text)
{
	return text ? (int)strlen(text) : 0;
}

/**
 * lstrlenW() - length of a UTF-16 string
 * @text: The string, or NULL.
 *
 * Return: its code units without the NUL, 0 for NULL.
 */
static inline int lstrlenW(LPCWSTR text)
{
	int len = 0;

	while (text && text[len])
		len++;
	return len;
}

#ifdef UNICODE
#define lstrlen	lstrlenW
#else
#define lstrlen	lstrlenA
#endif

#endif /* _MAILSLOT_WINUTIL_H */
