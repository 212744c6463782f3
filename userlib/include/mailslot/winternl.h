/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The NT layer below the Win32 face: the native calls for mailslots, with
 * their NTSTATUS values. mailslot-win32(7) is the manual.
 */
#ifndef _MAILSLOT_WINTERNL_H
#define _MAILSLOT_WINTERNL_H

#include "win32.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef LONG NTSTATUS;

#define NT_SUCCESS(status)	((NTSTATUS)(status) >= 0)

#define STATUS_SUCCESS				((NTSTATUS)0x00000000)
#define STATUS_UNSUCCESSFUL			((NTSTATUS)0xC0000001)
#define STATUS_INVALID_INFO_CLASS		((NTSTATUS)0xC0000003)
#define STATUS_INFO_LENGTH_MISMATCH		((NTSTATUS)0xC0000004)
#define STATUS_ACCESS_VIOLATION			((NTSTATUS)0xC0000005)
#define STATUS_INVALID_HANDLE			((NTSTATUS)0xC0000008)
#define STATUS_INVALID_PARAMETER		((NTSTATUS)0xC000000D)
#define STATUS_INVALID_DEVICE_REQUEST		((NTSTATUS)0xC0000010)
#define STATUS_END_OF_FILE			((NTSTATUS)0xC0000011)
#define STATUS_NO_MEMORY			((NTSTATUS)0xC0000017)
#define STATUS_ACCESS_DENIED			((NTSTATUS)0xC0000022)
#define STATUS_BUFFER_TOO_SMALL			((NTSTATUS)0xC0000023)
#define STATUS_OBJECT_NAME_INVALID		((NTSTATUS)0xC0000033)
#define STATUS_OBJECT_NAME_NOT_FOUND		((NTSTATUS)0xC0000034)
#define STATUS_OBJECT_NAME_COLLISION		((NTSTATUS)0xC0000035)
#define STATUS_OBJECT_PATH_NOT_FOUND		((NTSTATUS)0xC000003A)
#define STATUS_OBJECT_PATH_SYNTAX_BAD		((NTSTATUS)0xC000003B)
#define STATUS_QUOTA_EXCEEDED			((NTSTATUS)0xC0000044)
#define STATUS_INVALID_SECURITY_DESCR		((NTSTATUS)0xC0000079)
#define STATUS_INSUFFICIENT_RESOURCES		((NTSTATUS)0xC000009A)
#define STATUS_MEDIA_WRITE_PROTECTED		((NTSTATUS)0xC00000A2)
#define STATUS_IO_TIMEOUT			((NTSTATUS)0xC00000B5)
#define STATUS_NOT_SUPPORTED			((NTSTATUS)0xC00000BB)
#define STATUS_BAD_NETWORK_PATH			((NTSTATUS)0xC00000BE)
#define STATUS_NAME_TOO_LONG			((NTSTATUS)0xC0000106)
#define STATUS_TOO_MANY_OPENED_FILES		((NTSTATUS)0xC000011F)
#define STATUS_CANCELLED			((NTSTATUS)0xC0000120)
#define STATUS_NOT_FOUND			((NTSTATUS)0xC0000225)
#define STATUS_NETWORK_UNREACHABLE		((NTSTATUS)0xC000023C)
/* An error that only Win32 has a number for is the number in this range. */
#define STATUS_REMOTE_MAILSLOTS_DEPRECATED	((NTSTATUS)0xC0070BD1)

#define FILE_CREATED			2
#define FILE_SYNCHRONOUS_IO_ALERT	0x10U
#define FILE_SYNCHRONOUS_IO_NONALERT	0x20U

#define OBJ_INHERIT			0x02U
#define OBJ_CASE_INSENSITIVE		0x40U

/**
 * struct _UNICODE_STRING - counted UTF-16 text
 * @Length: Bytes of the text, without a NUL.
 * @MaximumLength: Bytes at @Buffer.
 * @Buffer: The text.
 */
typedef struct _UNICODE_STRING {
	USHORT Length;
	USHORT MaximumLength;
	PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;

/**
 * struct _OBJECT_ATTRIBUTES - the name and the security of an object
 * @Length: Bytes of this struct.
 * @RootDirectory: Must be NULL: the name is absolute.
 * @ObjectName: Such as ``\??\MAILSLOT\X`` or ``\Device\Mailslot\X``.
 * @Attributes: %OBJ_INHERIT, %OBJ_CASE_INSENSITIVE.
 * @SecurityDescriptor: A &struct _SECURITY_DESCRIPTOR, or NULL.
 * @SecurityQualityOfService: Without meaning for mailslots.
 */
typedef struct _OBJECT_ATTRIBUTES {
	ULONG Length;
	HANDLE RootDirectory;
	PUNICODE_STRING ObjectName;
	ULONG Attributes;
	PVOID SecurityDescriptor;
	PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;

/**
 * InitializeObjectAttributes() - name an object
 * @object: Answer: its attributes.
 * @name: Its name.
 * @flags: %OBJ_INHERIT, %OBJ_CASE_INSENSITIVE.
 * @root: NULL.
 * @security: A &struct _SECURITY_DESCRIPTOR, or NULL.
 */
static inline VOID InitializeObjectAttributes(POBJECT_ATTRIBUTES object,
					      PUNICODE_STRING name,
					      ULONG flags, HANDLE root,
					      PVOID security)
{
	object->Length = sizeof(*object);
	object->RootDirectory = root;
	object->ObjectName = name;
	object->Attributes = flags;
	object->SecurityDescriptor = security;
	object->SecurityQualityOfService = NULL;
}

/**
 * struct _IO_STATUS_BLOCK - how a call ended
 * @Status: %STATUS_PENDING, and later the call's status.
 * @Pointer: Not used.
 * @Information: Bytes read or written.
 */
typedef struct _IO_STATUS_BLOCK {
	union {
#if defined(__LP64__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		/* The low half of the pointer, as on every Windows. */
		__extension__ struct {
			ULONG Reserved;
			NTSTATUS Status;
		};
#else
		NTSTATUS Status;
#endif
		PVOID Pointer;
	};
	ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

typedef VOID (*PIO_APC_ROUTINE)(PVOID context, PIO_STATUS_BLOCK iosb,
				ULONG reserved);

/**
 * enum _FILE_INFORMATION_CLASS - what can be asked about a file, and be set
 * @FileMailslotQueryInformation: &struct _FILE_MAILSLOT_QUERY_INFORMATION.
 * @FileMailslotSetInformation: &struct _FILE_MAILSLOT_SET_INFORMATION.
 */
typedef enum _FILE_INFORMATION_CLASS {
	FileMailslotQueryInformation = 26,
	FileMailslotSetInformation = 27,
} FILE_INFORMATION_CLASS, *PFILE_INFORMATION_CLASS;

/**
 * struct _FILE_MAILSLOT_QUERY_INFORMATION - the state of a slot
 * @MaximumMessageSize: Bytes of the largest message; 0 is any size.
 * @MailslotQuota: 0: the quotas are the mount's.
 * @NextMessageSize: Bytes of the next message, or %MAILSLOT_NO_MESSAGE.
 * @MessagesAvailable: Messages that wait.
 * @ReadTimeout: How long a read waits, in units of -100 ns; -1 is for ever.
 */
typedef struct _FILE_MAILSLOT_QUERY_INFORMATION {
	ULONG MaximumMessageSize;
	ULONG MailslotQuota;
	ULONG NextMessageSize;
	ULONG MessagesAvailable;
	LARGE_INTEGER ReadTimeout;
} FILE_MAILSLOT_QUERY_INFORMATION, *PFILE_MAILSLOT_QUERY_INFORMATION;

/**
 * struct _FILE_MAILSLOT_SET_INFORMATION - what of a slot can be changed
 * @ReadTimeout: As in &struct _FILE_MAILSLOT_QUERY_INFORMATION; NULL is for
 *	ever.
 */
typedef struct _FILE_MAILSLOT_SET_INFORMATION {
	PLARGE_INTEGER ReadTimeout;
} FILE_MAILSLOT_SET_INFORMATION, *PFILE_MAILSLOT_SET_INFORMATION;

NTSTATUS NTAPI NtCreateMailslotFile(PHANDLE handle, ULONG access,
				    POBJECT_ATTRIBUTES object,
				    PIO_STATUS_BLOCK iosb, ULONG options,
				    ULONG quota, ULONG max_message_size,
				    PLARGE_INTEGER read_timeout);
NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
			  PVOID apc_context, PIO_STATUS_BLOCK iosb, PVOID buf,
			  ULONG len, PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc,
			   PVOID apc_context, PIO_STATUS_BLOCK iosb, PVOID buf,
			   ULONG len, PLARGE_INTEGER offset, PULONG key);
NTSTATUS NTAPI NtQueryInformationFile(HANDLE file, PIO_STATUS_BLOCK iosb,
				      PVOID info, ULONG len,
				      FILE_INFORMATION_CLASS info_class);
NTSTATUS NTAPI NtSetInformationFile(HANDLE file, PIO_STATUS_BLOCK iosb,
				    PVOID info, ULONG len,
				    FILE_INFORMATION_CLASS info_class);
NTSTATUS NTAPI NtClose(HANDLE handle);
VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR text);
ULONG NTAPI RtlNtStatusToDosError(NTSTATUS status);

#ifdef __cplusplus
}
#endif

#endif /* _MAILSLOT_WINTERNL_H */
