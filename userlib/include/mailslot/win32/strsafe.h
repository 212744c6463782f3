/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * <strsafe.h>: strings that are cut rather than written past their end.
 * Narrow text only, because the C library of Linux has no calls for 16-bit
 * text.
 */
#ifndef _MAILSLOT_STRSAFE_H
#define _MAILSLOT_STRSAFE_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "windef.h"

typedef LONG HRESULT;

#define S_OK				((HRESULT)0)
#define STRSAFE_E_INSUFFICIENT_BUFFER	((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER	((HRESULT)0x80070057)
#ifndef SUCCEEDED
#define SUCCEEDED(result)		((HRESULT)(result) >= 0)
#define FAILED(result)			((HRESULT)(result) < 0)
#endif

/**
 * StringCchPrintfA() - print into a buffer
 * @dest: The buffer; always ended by a NUL afterwards.
 * @size: Its bytes.
 * @format: As of printf().
 *
 * Return: S_OK, STRSAFE_E_INSUFFICIENT_BUFFER (cut), or
 * STRSAFE_E_INVALID_PARAMETER (no room even for the NUL).
 */
__attribute__((format(printf, 3, 4)))
static inline HRESULT StringCchPrintfA(LPSTR dest, size_t size, LPCSTR format,
				       ...)
{
	va_list args;
	int len;

	if (!size)
		return STRSAFE_E_INVALID_PARAMETER;
	va_start(args, format);
	len = vsnprintf(dest, size, format, args);
	va_end(args);
	return len >= 0 && (size_t)len < size ?
		S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

/**
 * StringCchCopyA() - copy a string
 * @dest: Where to; always ended by a NUL afterwards.
 * @size: Bytes at @dest.
 * @src: The string.
 *
 * Return: as StringCchPrintfA().
 */
static inline HRESULT StringCchCopyA(LPSTR dest, size_t size, LPCSTR src)
{
	return StringCchPrintfA(dest, size, "%s", src);
}

/**
 * StringCchCatA() - append a string
 * @dest: What to append to; always ended by a NUL afterwards.
 * @size: Bytes at @dest.
 * @src: The string.
 *
 * Return: as StringCchPrintfA().
 */
static inline HRESULT StringCchCatA(LPSTR dest, size_t size, LPCSTR src)
{
	size_t len = 0;

	while (len < size && dest[len])
		len++;
	return StringCchPrintfA(dest + len, size - len, "%s", src);
}

/* One character is one byte, so that counting either is the same. */
#define StringCbPrintfA	StringCchPrintfA
#define StringCbCopyA	StringCchCopyA
#define StringCbCatA	StringCchCatA

#ifndef UNICODE
#define StringCchPrintf	StringCchPrintfA
#define StringCchCopy	StringCchCopyA
#define StringCchCat	StringCchCatA
#define StringCbPrintf	StringCbPrintfA
#define StringCbCopy	StringCbCopyA
#define StringCbCat	StringCbCatA
#endif

#endif /* _MAILSLOT_STRSAFE_H */
