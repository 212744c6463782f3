// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Security descriptors, as far as they say who may write to a slot. A slot has
 * the permission bits of a file, so a list of rights becomes three of them:
 * for its owner, for its group, and for the others.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "w32.h"

#define WRITE_RIGHTS	(GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA)
/* The permission bits: who may write. */
#define OWNER		0200
#define OWNER_AND_GROUP	0220
#define ANYBODY	0222

/* A mode of 0 would mean the mount's slot_mode=, so a slot that nobody may
 * write to has a read bit, which gives no right.
 */
#define NOBODY		0400

static BOOL is_sid(const SID *sid)
{
	return sid && sid->Revision == SID_REVISION &&
	       sid->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

static DWORD sid_size(unsigned int count)
{
	return offsetof(SID, SubAuthority) + count * sizeof(DWORD);
}

/* All authorities in use fit into the last of the six bytes. */
static unsigned int sid_authority(const SID *sid)
{
	static const BYTE zero[5];

	return memcmp(&sid->IdentifierAuthority, zero, sizeof(zero)) ?
		~0U : sid->IdentifierAuthority.Value[5];
}

/* For which of the three bits all that a security identifier stands for count.
 * The owner is in the group, too, as he is on Windows.
 */
static mode_t sid_bits(const SID *sid)
{
	unsigned int authority = sid_authority(sid);
	DWORD first = sid->SubAuthorityCount ? sid->SubAuthority[0] : ~0U;

	if (authority == 22 && sid->SubAuthorityCount == 2) {
		if (first == SECURITY_UNIX_USER_RID)
			return sid->SubAuthority[1] == geteuid() ? OWNER : 0;
		if (first == SECURITY_UNIX_GROUP_RID)
			return sid->SubAuthority[1] == getegid() ?
				OWNER_AND_GROUP : 0;
	}
	if (sid->SubAuthorityCount != 1)
		return 0;
	if (authority == 1 && first == SECURITY_WORLD_RID)
		return ANYBODY;
	if (authority == 5 && first == SECURITY_AUTHENTICATED_USER_RID)
		return ANYBODY;
	if (authority == 3 && first == SECURITY_CREATOR_OWNER_RID)
		return OWNER;
	if (authority == 3 && first == SECURITY_CREATOR_GROUP_RID)
		return OWNER_AND_GROUP;
	return 0;
}

/* Returns NULL where the list is not as long as its entries. */
static const ACCESS_ALLOWED_ACE *next_ace(const ACL *acl, size_t *offset)
{
	const ACCESS_ALLOWED_ACE *ace;
	size_t room = acl->AclSize - *offset;

	ace = (const ACCESS_ALLOWED_ACE *)((const BYTE *)acl + *offset);
	if (*offset > acl->AclSize || room < sizeof(*ace) ||
	    ace->Header.AceSize < sizeof(*ace) || ace->Header.AceSize > room)
		return NULL;
	*offset += ace->Header.AceSize;
	return ace;
}

static const SID *ace_sid(const ACCESS_ALLOWED_ACE *ace)
{
	const SID *sid = (const SID *)&ace->SidStart;
	size_t room = ace->Header.AceSize -
		      offsetof(ACCESS_ALLOWED_ACE, SidStart);

	return room >= sid_size(0) && is_sid(sid) &&
	       room >= sid_size(sid->SubAuthorityCount) ? sid : NULL;
}

/* The first entry that is about somebody decides. An entry about somebody whom
 * the three bits cannot name gives him no right; one that denies him a right
 * that others have cannot be kept, and is refused.
 */
static NTSTATUS acl_mode(const ACL *acl, mode_t *mode)
{
	size_t offset = sizeof(*acl);
	mode_t undecided = ANYBODY;
	const ACCESS_ALLOWED_ACE *ace;
	const SID *sid;
	mode_t bits;
	int i;

	*mode = NOBODY;
	for (i = 0; i < acl->AceCount; i++) {
		ace = next_ace(acl, &offset);
		sid = ace ? ace_sid(ace) : NULL;
		if (!sid)
			return STATUS_INVALID_SECURITY_DESCR;
		if (!(ace->Mask & WRITE_RIGHTS) ||
		    (ace->Header.AceFlags & INHERIT_ONLY_ACE))
			continue;
		bits = sid_bits(sid);
		if (ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE)
			*mode |= bits & undecided;
		else if (ace->Header.AceType != ACCESS_DENIED_ACE_TYPE || !bits)
			return STATUS_NOT_SUPPORTED;
		undecided &= ~bits;
	}
	return STATUS_SUCCESS;
}

/**
 * w32_mode() - the permission bits that a security descriptor stands for
 * @descriptor: The descriptor.
 * @mode: Answer: the bits; 0 if it says nothing, which is the mount's
 *	slot_mode=.
 *
 * Return: STATUS_SUCCESS, STATUS_INVALID_SECURITY_DESCR, STATUS_NOT_SUPPORTED.
 */
NTSTATUS w32_mode(const void *descriptor, mode_t *mode)
{
	const SECURITY_DESCRIPTOR *sd = descriptor;

	*mode = 0;
	if (sd->Revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_INVALID_SECURITY_DESCR;
	if (sd->Control & SE_SELF_RELATIVE)
		return STATUS_NOT_SUPPORTED;
	if (!(sd->Control & SE_DACL_PRESENT))
		return STATUS_SUCCESS;
	if (sd->Dacl)
		return acl_mode(sd->Dacl, mode);
	*mode = NOBODY | ANYBODY;
	return STATUS_SUCCESS;
}

/**
 * InitializeSecurityDescriptor() - begin a security descriptor
 * @descriptor: A &struct _SECURITY_DESCRIPTOR.
 * @revision: %SECURITY_DESCRIPTOR_REVISION.
 *
 * Return: TRUE; or FALSE and ERROR_UNKNOWN_REVISION.
 */
MAILSLOT_API BOOL WINAPI
InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision)
{
	SECURITY_DESCRIPTOR *sd = descriptor;

	if (revision != SECURITY_DESCRIPTOR_REVISION)
		return w32_fail(ERROR_UNKNOWN_REVISION);
	*sd = (SECURITY_DESCRIPTOR) { .Revision = revision };
	return TRUE;
}

/**
 * SetSecurityDescriptorDacl() - say who may write
 * @descriptor: The descriptor.
 * @present: Whether @dacl counts; else it is the mount's slot_mode=.
 * @dacl: Who may; NULL is everybody, a list without entries nobody.
 * @defaulted: Without effect.
 *
 * Return: TRUE; or FALSE and ERROR_UNKNOWN_REVISION.
 */
MAILSLOT_API BOOL WINAPI
SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present,
			  PACL dacl, BOOL defaulted)
{
	SECURITY_DESCRIPTOR *sd = descriptor;

	if (sd->Revision != SECURITY_DESCRIPTOR_REVISION)
		return w32_fail(ERROR_UNKNOWN_REVISION);
	sd->Control &= ~(SE_DACL_PRESENT | SE_DACL_DEFAULTED);
	if (present)
		sd->Control |= SE_DACL_PRESENT;
	if (present && defaulted)
		sd->Control |= SE_DACL_DEFAULTED;
	sd->Dacl = present ? dacl : NULL;
	return TRUE;
}

/**
 * InitializeAcl() - begin an access control list
 * @acl: The list.
 * @size: Its bytes, with the room for its entries.
 * @revision: %ACL_REVISION.
 *
 * Return: TRUE; or FALSE and ERROR_INSUFFICIENT_BUFFER,
 * ERROR_INVALID_PARAMETER.
 */
MAILSLOT_API BOOL WINAPI InitializeAcl(PACL acl, DWORD size, DWORD revision)
{
	if (size < sizeof(*acl))
		return w32_fail(ERROR_INSUFFICIENT_BUFFER);
	if (size > UINT16_MAX || revision != ACL_REVISION)
		return w32_fail(ERROR_INVALID_PARAMETER);
	*acl = (ACL) { .AclRevision = revision, .AclSize = size };
	return TRUE;
}

static BOOL add_ace(ACL *acl, BYTE type, DWORD mask, const SID *sid)
{
	size_t offset = sizeof(*acl);
	ACCESS_ALLOWED_ACE *ace;
	DWORD size;
	int i;

	if (!is_sid(sid))
		return w32_fail(ERROR_INVALID_SID);
	for (i = 0; i < acl->AceCount; i++)
		if (!next_ace(acl, &offset))
			return w32_fail(ERROR_INVALID_ACL);
	size = offsetof(ACCESS_ALLOWED_ACE, SidStart) +
	       sid_size(sid->SubAuthorityCount);
	if (offset + size > acl->AclSize)
		return w32_fail(ERROR_ALLOTTED_SPACE_EXCEEDED);
	ace = (ACCESS_ALLOWED_ACE *)((BYTE *)acl + offset);
	ace->Header = (ACE_HEADER) { .AceType = type, .AceSize = size };
	ace->Mask = mask;
	memcpy(&ace->SidStart, sid, sid_size(sid->SubAuthorityCount));
	acl->AceCount++;
	return TRUE;
}

/**
 * AddAccessAllowedAce() - add an entry that allows
 * @acl: The list.
 * @revision: %ACL_REVISION.
 * @mask: The rights: %GENERIC_WRITE or others that let write.
 * @sid: Whom.
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_SID, ERROR_INVALID_ACL,
 * ERROR_ALLOTTED_SPACE_EXCEEDED, ERROR_UNKNOWN_REVISION.
 */
MAILSLOT_API BOOL WINAPI AddAccessAllowedAce(PACL acl, DWORD revision,
					     DWORD mask, PSID sid)
{
	if (revision != ACL_REVISION)
		return w32_fail(ERROR_UNKNOWN_REVISION);
	return add_ace(acl, ACCESS_ALLOWED_ACE_TYPE, mask, sid);
}

/**
 * AddAccessDeniedAce() - add an entry that denies
 * @acl: As for AddAccessAllowedAce().
 * @revision: As for AddAccessAllowedAce().
 * @mask: As for AddAccessAllowedAce().
 * @sid: As for AddAccessAllowedAce().
 *
 * Return: as AddAccessAllowedAce().
 */
MAILSLOT_API BOOL WINAPI AddAccessDeniedAce(PACL acl, DWORD revision,
					    DWORD mask, PSID sid)
{
	if (revision != ACL_REVISION)
		return w32_fail(ERROR_UNKNOWN_REVISION);
	return add_ace(acl, ACCESS_DENIED_ACE_TYPE, mask, sid);
}

/**
 * AllocateAndInitializeSid() - make a security identifier
 * @authority: Who gives it out.
 * @count: How many of the next count, 1 to 8.
 * @sub0: Which one of that authority's it is.
 * @sub1: Likewise.
 * @sub2: Likewise.
 * @sub3: Likewise.
 * @sub4: Likewise.
 * @sub5: Likewise.
 * @sub6: Likewise.
 * @sub7: Likewise.
 * @sid: Answer: the identifier, for FreeSid().
 *
 * Return: TRUE; or FALSE and ERROR_INVALID_SID, ERROR_NOT_ENOUGH_MEMORY.
 */
MAILSLOT_API BOOL WINAPI
AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, BYTE count,
			 DWORD sub0, DWORD sub1, DWORD sub2, DWORD sub3,
			 DWORD sub4, DWORD sub5, DWORD sub6, DWORD sub7,
			 void **sid)
{
	const DWORD subs[8] = { sub0, sub1, sub2, sub3,
				sub4, sub5, sub6, sub7 };
	SID *new_sid;

	if (!count || count > 8)
		return w32_fail(ERROR_INVALID_SID);
	new_sid = malloc(sid_size(SID_MAX_SUB_AUTHORITIES));
	if (!new_sid)
		return w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	new_sid->Revision = SID_REVISION;
	new_sid->SubAuthorityCount = count;
	new_sid->IdentifierAuthority = *authority;
	memcpy(new_sid->SubAuthority, subs, count * sizeof(subs[0]));
	*sid = new_sid;
	return TRUE;
}

/**
 * FreeSid() - give a security identifier back
 * @sid: From AllocateAndInitializeSid(), or NULL.
 *
 * Return: NULL.
 */
MAILSLOT_API PVOID WINAPI FreeSid(PSID sid)
{
	free(sid);
	return NULL;
}

/**
 * GetLengthSid() - size of a security identifier
 * @sid: The identifier.
 *
 * Return: its bytes.
 */
MAILSLOT_API DWORD WINAPI GetLengthSid(PSID sid)
{
	return sid_size(((const SID *)sid)->SubAuthorityCount);
}
