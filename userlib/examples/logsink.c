// SPDX-License-Identifier: GPL-2.0-only
/*
 * A log that no program has to wait for: one line for each message, with the
 * time of the writing and who wrote.  What found no room is counted, and told.
 *
 *	make logsink LDLIBS=-lmailslot && ./logsink log
 *	echo started > /dev/mailslot/log
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mailslot.h>

/* One message is one line, whatever it holds. */
static void put_line(const struct mailslot_msg_info *info, char *text)
{
	time_t seconds = info->realtime_ns / 1000000000;
	char date[32];
	struct tm tm;

	text[strcspn(text, "\n")] = '\0';
	strftime(date, sizeof(date), "%F %T", localtime_r(&seconds, &tm));
	printf("%s.%06u uid %d pid %d: %s\n", date,
	       (unsigned int)(info->realtime_ns / 1000 % 1000000),
	       (int)info->uid, (int)info->pid, text);
}

static uint64_t put_losses(int fd, uint64_t told)
{
	struct mailslot_info info;
	uint64_t lost;

	if (mailslot_get_info(fd, &info))
		return told;
	lost = info.dropped_too_long + info.dropped_queue_full +
		info.dropped_user_quota + info.dropped_no_memory;
	if (lost != told)
		printf("%" PRIu64 " messages were lost\n", lost - told);
	return lost;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "log";
	struct mailslot_msg_info info;
	uint64_t told = 0;
	char text[1024 + 1];
	ssize_t size;
	int fd;

	fd = mailslot_create(name, sizeof(text) - 1, MAILSLOT_WAIT_FOREVER,
			     O_CLOEXEC, 0622);
	if (fd < 0) {
		perror(name);
		return 1;
	}
	while ((size = mailslot_recv(fd, text, sizeof(text), &info, 0)) >= 0) {
		text[size] = '\0';
		put_line(&info, text);
		told = put_losses(fd, told);
		fflush(stdout);
	}
	perror(name);
	return 1;
}
