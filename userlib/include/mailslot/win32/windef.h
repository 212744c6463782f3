/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The types of the Windows interface, with the sizes that they have on 32- and
 * 64-bit Windows: LONG and DWORD are 32 bits here too, where long is 64, and a
 * WCHAR is a UTF-16 code unit whatever the compiler's wchar_t is.
 */
#ifndef _MAILSLOT_WINDEF_H
#define _MAILSLOT_WINDEF_H

#include <stddef.h>
#include <stdint.h>

/* The calling conventions of 32-bit Windows. Everybody uses the one of the
 * platform here, so nothing can disagree.
 */
#define WINAPI
#define NTAPI
#define APIENTRY
#define CALLBACK
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif

#define CONST	const
#define VOID	void
#define IN
#define OUT
#define OPTIONAL

typedef int BOOL, *PBOOL, *LPBOOL;
typedef uint8_t BYTE, *PBYTE, *LPBYTE;
typedef BYTE BOOLEAN, *PBOOLEAN;
typedef char CHAR, *PCHAR, *PSTR, *LPSTR;
typedef const char *PCSTR, *LPCSTR;
typedef unsigned char UCHAR, *PUCHAR;
typedef int16_t SHORT, *PSHORT;
typedef uint16_t WORD, *PWORD, *LPWORD;
typedef uint16_t USHORT, *PUSHORT;
typedef int INT, *PINT, *LPINT;
typedef unsigned int UINT, *PUINT, *LPUINT;
typedef int32_t LONG, *PLONG, *LPLONG;
typedef uint32_t ULONG, *PULONG;
typedef uint32_t DWORD, *PDWORD, *LPDWORD;
typedef int64_t LONGLONG, *PLONGLONG;
typedef uint64_t ULONGLONG, *PULONGLONG;
typedef uint64_t DWORD64, *PDWORD64;
typedef intptr_t INT_PTR, LONG_PTR;
typedef uintptr_t UINT_PTR, ULONG_PTR, *PULONG_PTR, DWORD_PTR, *PDWORD_PTR;
typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef uint16_t WCHAR, *PWCHAR, *PWSTR, *LPWSTR;
typedef const uint16_t *PCWSTR, *LPCWSTR;
typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef void *HANDLE, **PHANDLE, **LPHANDLE;
typedef DWORD ACCESS_MASK, *PACCESS_MASK;

#ifdef UNICODE
typedef WCHAR TCHAR, *PTCHAR;
typedef LPWSTR PTSTR, LPTSTR;
typedef LPCWSTR PCTSTR, LPCTSTR;
#ifdef __cplusplus
/* In C++ char16_t is a type of its own, and WCHAR is not that type. */
#define __TEXT(quote)	((LPCWSTR)u##quote)
#else
#define __TEXT(quote)	u##quote
#endif
#else
typedef CHAR TCHAR, *PTCHAR;
typedef LPSTR PTSTR, LPTSTR;
typedef LPCSTR PCTSTR, LPCTSTR;
#define __TEXT(quote)	quote
#endif
#define TEXT(quote)	__TEXT(quote)

#ifndef FALSE
#define FALSE	0
#endif
#ifndef TRUE
#define TRUE	1
#endif

#define MAX_PATH	260

/**
 * union _LARGE_INTEGER - 64 bits, whole or in halves
 * @u: The halves, by name.
 * @QuadPart: The whole.
 */
typedef union _LARGE_INTEGER {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	__extension__ struct {
		DWORD LowPart;
		LONG HighPart;
	};
	struct {
		DWORD LowPart;
		LONG HighPart;
	} u;
#else
	__extension__ struct {
		LONG HighPart;
		DWORD LowPart;
	};
	struct {
		LONG HighPart;
		DWORD LowPart;
	} u;
#endif
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

#endif /* _MAILSLOT_WINDEF_H */
