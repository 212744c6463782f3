// SPDX-License-Identifier: GPL-2.0-only
/* Who may write: security descriptors, and the modes that they become. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "win32_test.h"

#define NAME	"guarded"

static SECURITY_DESCRIPTOR sd;
static struct {
	ACL acl;
	BYTE room[256];
} list;

/* Permission bits of the slot, as ls shows them. */
static int mode(void)
{
	const char *root = getenv("MAILSLOT_ROOT");
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/win32\\" NAME,
		 root && *root ? root : "/dev/mailslot");
	return stat(path, &st) ? -1 : (int)(st.st_mode & 07777);
}

static HANDLE guarded(BOOL present, PACL acl)
{
	SECURITY_ATTRIBUTES sa = { sizeof(sa), &sd, FALSE };

	OK(InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION));
	OK(SetSecurityDescriptorDacl(&sd, present, acl, FALSE));
	return CreateMailslotA(SLOT(NAME), 0, 0, &sa);
}

/* What a user who is not the owner sees; 0 is that he could open it. */
static int error_of_another_user(uid_t uid, gid_t gid)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		HANDLE writer;

		if (setgid(gid) || setuid(uid))
			_exit(99);
		writer = client(NAME);
		_exit(writer == INVALID_HANDLE_VALUE ? GetLastError() : 0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void init_list(void)
{
	OK(InitializeAcl(&list.acl, sizeof(list), ACL_REVISION));
}

/* Adds an entry for S-1-AUTHORITY-FIRST, or S-1-AUTHORITY-FIRST-SECOND. */
static void add(BOOL allow, DWORD mask, BYTE authority, BYTE count, DWORD first,
		DWORD second)
{
	SID_IDENTIFIER_AUTHORITY who = { { 0, 0, 0, 0, 0, authority } };
	PSID sid = NULL;

	OK(AllocateAndInitializeSid(&who, count, first, second, 0, 0, 0, 0, 0,
				    0, &sid));
	IS(GetLengthSid(sid), 8 + 4 * count);
	OK(allow ? AddAccessAllowedAce(&list.acl, ACL_REVISION, mask, sid) :
		   AddAccessDeniedAce(&list.acl, ACL_REVISION, mask, sid));
	OK(!FreeSid(sid));
}

#define WORLD		1, 1, 0, 0
#define AUTHENTICATED	5, 1, 11, 0
#define CREATOR_OWNER	3, 1, 0, 0
#define CREATOR_GROUP	3, 1, 1, 0
#define UNIX_USER(id)	22, 2, 1, id
#define UNIX_GROUP(id)	22, 2, 2, id

static void becomes(int wanted)
{
	HANDLE slot = guarded(TRUE, &list.acl);

	OK(slot != INVALID_HANDLE_VALUE);
	IS(mode(), wanted);
	CloseHandle(slot);
}

TEST(without_a_descriptor_the_mount_decides)
{
	HANDLE slot = server(NAME, 0, 0);
	int usual = mode();

	CloseHandle(slot);
	IS(usual, 0622);
	slot = guarded(FALSE, NULL);
	IS(mode(), usual);
	CloseHandle(slot);
}

TEST(a_null_list_lets_everybody_write)
{
	HANDLE slot = guarded(TRUE, NULL);

	IS(mode(), 0622);
	IS(error_of_another_user(65534, 65534), 0);
	CloseHandle(slot);
}

TEST(an_empty_list_lets_nobody_write)
{
	HANDLE slot;

	init_list();
	slot = guarded(TRUE, &list.acl);
	IS(mode(), 0400);
	IS(error_of_another_user(65534, 65534), ERROR_ACCESS_DENIED);
	CloseHandle(slot);
}

TEST(an_entry_for_everybody)
{
	init_list();
	add(TRUE, GENERIC_WRITE, WORLD);
	becomes(0622);
	init_list();
	add(TRUE, FILE_GENERIC_WRITE, AUTHENTICATED);
	becomes(0622);
}

TEST(entries_for_the_owner_and_the_group)
{
	HANDLE slot;

	init_list();
	add(TRUE, GENERIC_ALL, CREATOR_OWNER);
	becomes(0600);
	init_list();
	add(TRUE, GENERIC_WRITE, UNIX_USER(geteuid()));
	becomes(0600);
	init_list();
	add(TRUE, GENERIC_WRITE, CREATOR_GROUP);
	becomes(0620);
	init_list();
	add(TRUE, GENERIC_WRITE, UNIX_GROUP(getegid()));
	becomes(0620);
	slot = guarded(TRUE, &list.acl);
	IS(error_of_another_user(65534, getegid()), 0);
	IS(error_of_another_user(65534, 65534), ERROR_ACCESS_DENIED);
	CloseHandle(slot);
}

TEST(the_first_entry_decides)
{
	init_list();
	add(FALSE, GENERIC_WRITE, CREATOR_GROUP);
	add(TRUE, GENERIC_WRITE, WORLD);
	becomes(0402);
	init_list();
	add(TRUE, GENERIC_WRITE, CREATOR_OWNER);
	add(FALSE, GENERIC_ALL, WORLD);
	add(TRUE, GENERIC_WRITE, WORLD);
	becomes(0600);
}

TEST(rights_that_do_not_let_write_do_not_count)
{
	init_list();
	add(FALSE, GENERIC_READ, WORLD);
	add(TRUE, READ_CONTROL, WORLD);
	becomes(0400);
	add(TRUE, FILE_WRITE_DATA, WORLD);
	becomes(0622);
}

TEST(nobody_else_can_be_allowed_or_denied)
{
	init_list();
	add(TRUE, GENERIC_WRITE, UNIX_USER(4711));
	becomes(0400);
	add(FALSE, GENERIC_WRITE, UNIX_USER(4712));
	NO_HANDLE(guarded(TRUE, &list.acl), ERROR_NOT_SUPPORTED);
	IS(mode(), -1);
}

TEST(a_damaged_list_is_refused)
{
	init_list();
	add(TRUE, GENERIC_WRITE, WORLD);
	list.acl.AceCount = 2;
	NO_HANDLE(guarded(TRUE, &list.acl), ERROR_INVALID_SECURITY_DESCR);
	list.acl.AceCount = 1;
	list.acl.AclSize = sizeof(ACL) + 8;
	NO_HANDLE(guarded(TRUE, &list.acl), ERROR_INVALID_SECURITY_DESCR);
	IS(mode(), -1);
}

TEST(a_descriptor_of_another_form_is_refused)
{
	SECURITY_ATTRIBUTES sa = { sizeof(sa), &sd, FALSE };

	FAILS(InitializeSecurityDescriptor(&sd, 2), ERROR_UNKNOWN_REVISION);
	OK(InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION));
	sd.Control |= SE_SELF_RELATIVE;
	NO_HANDLE(CreateMailslotA(SLOT(NAME), 0, 0, &sa), ERROR_NOT_SUPPORTED);
	sd.Control = 0;
	sd.Revision = 9;
	NO_HANDLE(CreateMailslotA(SLOT(NAME), 0, 0, &sa),
		  ERROR_INVALID_SECURITY_DESCR);
	FAILS(SetSecurityDescriptorDacl(&sd, TRUE, NULL, FALSE),
	      ERROR_UNKNOWN_REVISION);
}

TEST(a_list_has_the_room_it_was_given)
{
	SID_IDENTIFIER_AUTHORITY world = SECURITY_WORLD_SID_AUTHORITY;
	PSID sid = NULL;

	OK(AllocateAndInitializeSid(&world, 1, SECURITY_WORLD_RID, 0, 0, 0, 0,
				    0, 0, 0, &sid));
	FAILS(InitializeAcl(&list.acl, sizeof(ACL) - 1, ACL_REVISION),
	      ERROR_INSUFFICIENT_BUFFER);
	FAILS(InitializeAcl(&list.acl, sizeof(list), 1),
	      ERROR_INVALID_PARAMETER);
	OK(InitializeAcl(&list.acl, sizeof(ACL) + 8 + 12, ACL_REVISION));
	OK(AddAccessAllowedAce(&list.acl, ACL_REVISION, GENERIC_WRITE, sid));
	FAILS(AddAccessAllowedAce(&list.acl, ACL_REVISION, GENERIC_WRITE, sid),
	      ERROR_ALLOTTED_SPACE_EXCEEDED);
	FAILS(AddAccessDeniedAce(&list.acl, 1, GENERIC_WRITE, sid),
	      ERROR_UNKNOWN_REVISION);
	FAILS(AddAccessAllowedAce(&list.acl, ACL_REVISION, GENERIC_WRITE, NULL),
	      ERROR_INVALID_SID);
	FreeSid(sid);
	FAILS(AllocateAndInitializeSid(&world, 9, 0, 0, 0, 0, 0, 0, 0, 0, &sid),
	      ERROR_INVALID_SID);
}

TEST_MAIN
