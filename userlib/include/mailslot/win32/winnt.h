/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Access rights, and the structs of Windows security: as much of them as is
 * needed to say who may write to a slot. mailslot-win32(7) tells how they map
 * onto the mode of the slot.
 */
#ifndef _MAILSLOT_WINNT_H
#define _MAILSLOT_WINNT_H

#include "windef.h"

#define DELETE			0x00010000U
#define READ_CONTROL		0x00020000U
#define WRITE_DAC		0x00040000U
#define WRITE_OWNER		0x00080000U
#define SYNCHRONIZE		0x00100000U
#define MAXIMUM_ALLOWED		0x02000000U
#define GENERIC_ALL		0x10000000U
#define GENERIC_EXECUTE		0x20000000U
#define GENERIC_WRITE		0x40000000U
#define GENERIC_READ		0x80000000U

#define STANDARD_RIGHTS_REQUIRED	0x000F0000U
#define STANDARD_RIGHTS_READ		READ_CONTROL
#define STANDARD_RIGHTS_WRITE		READ_CONTROL

#define FILE_READ_DATA		0x0001U
#define FILE_WRITE_DATA		0x0002U
#define FILE_APPEND_DATA	0x0004U
#define FILE_READ_EA		0x0008U
#define FILE_WRITE_EA		0x0010U
#define FILE_READ_ATTRIBUTES	0x0080U
#define FILE_WRITE_ATTRIBUTES	0x0100U
#define FILE_GENERIC_READ	(STANDARD_RIGHTS_READ | SYNCHRONIZE | \
				 FILE_READ_DATA | FILE_READ_ATTRIBUTES | \
				 FILE_READ_EA)
#define FILE_GENERIC_WRITE	(STANDARD_RIGHTS_WRITE | SYNCHRONIZE | \
				 FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | \
				 FILE_WRITE_EA | FILE_APPEND_DATA)
#define FILE_ALL_ACCESS		(STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x1FFU)

#define FILE_SHARE_READ		0x1U
#define FILE_SHARE_WRITE	0x2U
#define FILE_SHARE_DELETE	0x4U

#define FILE_ATTRIBUTE_NORMAL	0x80U

#define DUPLICATE_CLOSE_SOURCE	0x1U
#define DUPLICATE_SAME_ACCESS	0x2U

#define STATUS_WAIT_0		0x00000000
#define STATUS_ABANDONED_WAIT_0	0x00000080
#define STATUS_TIMEOUT		0x00000102
#define STATUS_PENDING		0x00000103

#define MAXIMUM_WAIT_OBJECTS	64

#define SECURITY_DESCRIPTOR_REVISION	1
#define SE_DACL_PRESENT		0x0004U
#define SE_DACL_DEFAULTED	0x0008U
#define SE_SELF_RELATIVE	0x8000U

#define ACL_REVISION		2
#define ACCESS_ALLOWED_ACE_TYPE	0
#define ACCESS_DENIED_ACE_TYPE	1
#define INHERIT_ONLY_ACE	0x8

#define SID_REVISION		1
#define SID_MAX_SUB_AUTHORITIES	15

typedef PVOID PSID, PSECURITY_DESCRIPTOR;
typedef WORD SECURITY_DESCRIPTOR_CONTROL;

/**
 * struct _SID_IDENTIFIER_AUTHORITY - who gives out a security identifier
 * @Value: 48 bits, big-endian.
 */
typedef struct _SID_IDENTIFIER_AUTHORITY {
	BYTE Value[6];
} SID_IDENTIFIER_AUTHORITY, *PSID_IDENTIFIER_AUTHORITY;

#define SECURITY_WORLD_SID_AUTHORITY	{ { 0, 0, 0, 0, 0, 1 } }
#define SECURITY_CREATOR_SID_AUTHORITY	{ { 0, 0, 0, 0, 0, 3 } }
#define SECURITY_NT_AUTHORITY		{ { 0, 0, 0, 0, 0, 5 } }
/* Not of Windows: the users and groups of Unix, as Samba numbers them. */
#define SECURITY_UNIX_AUTHORITY		{ { 0, 0, 0, 0, 0, 22 } }

#define SECURITY_WORLD_RID		0
#define SECURITY_CREATOR_OWNER_RID	0
#define SECURITY_CREATOR_GROUP_RID	1
#define SECURITY_AUTHENTICATED_USER_RID	11
#define SECURITY_UNIX_USER_RID		1
#define SECURITY_UNIX_GROUP_RID		2

/**
 * struct _SID - a security identifier: a user, or a group of them
 * @Revision: %SID_REVISION.
 * @SubAuthorityCount: Members of @SubAuthority, up to
 *	%SID_MAX_SUB_AUTHORITIES.
 * @IdentifierAuthority: Who gave it out.
 * @SubAuthority: Which one of that authority's it is.
 */
typedef struct _SID {
	BYTE Revision;
	BYTE SubAuthorityCount;
	SID_IDENTIFIER_AUTHORITY IdentifierAuthority;
	DWORD SubAuthority[1];
} SID, *PISID;

/**
 * struct _ACL - an access control list: this header, and entries behind it
 * @AclRevision: %ACL_REVISION.
 * @Sbz1: Zero.
 * @AclSize: Bytes of the header, the entries and the room for more.
 * @AceCount: Entries.
 * @Sbz2: Zero.
 */
typedef struct _ACL {
	BYTE AclRevision;
	BYTE Sbz1;
	WORD AclSize;
	WORD AceCount;
	WORD Sbz2;
} ACL, *PACL;

/**
 * struct _ACE_HEADER - how each entry of an access control list begins
 * @AceType: %ACCESS_ALLOWED_ACE_TYPE or %ACCESS_DENIED_ACE_TYPE.
 * @AceFlags: %INHERIT_ONLY_ACE: the entry says nothing about the object.
 * @AceSize: Bytes of the entry.
 */
typedef struct _ACE_HEADER {
	BYTE AceType;
	BYTE AceFlags;
	WORD AceSize;
} ACE_HEADER, *PACE_HEADER;

/**
 * struct _ACCESS_ALLOWED_ACE - an entry that allows or denies rights
 * @Header: Which of both, and how long.
 * @Mask: The rights.
 * @SidStart: First bytes of the &struct _SID that they are for.
 */
typedef struct _ACCESS_ALLOWED_ACE {
	ACE_HEADER Header;
	ACCESS_MASK Mask;
	DWORD SidStart;
} ACCESS_ALLOWED_ACE, *PACCESS_ALLOWED_ACE;
typedef ACCESS_ALLOWED_ACE ACCESS_DENIED_ACE, *PACCESS_DENIED_ACE;

/**
 * struct _SECURITY_DESCRIPTOR - who owns an object, and who may do what
 * @Revision: %SECURITY_DESCRIPTOR_REVISION.
 * @Sbz1: Zero.
 * @Control: %SE_DACL_PRESENT: @Dacl was set, if only to NULL.
 * @Owner: Not looked at: a slot belongs to whoever creates it.
 * @Group: Likewise.
 * @Sacl: Not looked at.
 * @Dacl: Who may write; NULL is everybody.
 */
typedef struct _SECURITY_DESCRIPTOR {
	BYTE Revision;
	BYTE Sbz1;
	SECURITY_DESCRIPTOR_CONTROL Control;
	PSID Owner;
	PSID Group;
	PACL Sacl;
	PACL Dacl;
} SECURITY_DESCRIPTOR, *PISECURITY_DESCRIPTOR;

#endif /* _MAILSLOT_WINNT_H */
