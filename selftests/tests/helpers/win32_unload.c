// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plug-in host: loads the library, begins an overlapped read, unloads the
 * library, and has its message all the same. Not linked to the library, or it
 * could not be unloaded at all.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mailslot/winternl.h>

static int load_read_unload(char *buf, DWORD len, OVERLAPPED *overlapped)
{
	void *library = dlopen("libmailslot.so.0", RTLD_NOW);
	__typeof__(CreateMailslotA) *create_mailslot;
	__typeof__(ReadFile) *read_file;
	HANDLE slot;

	if (!library)
		return -1;
	create_mailslot = dlsym(library, "CreateMailslotA");
	read_file = dlsym(library, "ReadFile");
	slot = create_mailslot("\\\\.\\mailslot\\unload", 0,
			       MAILSLOT_WAIT_FOREVER, NULL);
	if (read_file(slot, buf, len, NULL, overlapped))
		return -1;
	return dlclose(library);
}

static ssize_t send_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t size = write(fd, text, strlen(text));

	close(fd);
	return size;
}

int main(int argc, char **argv)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	OVERLAPPED overlapped = { 0 };
	char buf[64] = "";

	if (argc != 2 || load_read_unload(buf, sizeof(buf), &overlapped))
		return 1;
	if (send_text(argv[1], "still here") < 0)
		return 2;
	while (__atomic_load_n(&overlapped.Internal, __ATOMIC_ACQUIRE) ==
	       STATUS_PENDING)
		nanosleep(&ms, NULL);
	puts(buf);
	return 0;
}
