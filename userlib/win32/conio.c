// SPDX-License-Identifier: LGPL-2.1-or-later
/* Single keys from the terminal. */
#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include <mailslot/win32/conio.h>

#include "w32.h"

/* A key counts at once and unseen, Ctrl-C too, as on Windows. Otherwise a
 * program that is ended by that key would leave its terminal mute.
 */
static int raw_input(struct termios *old)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, old))
		return -1;
	raw = *old;
	raw.c_iflag &= ~(ICRNL | INLCR | IGNCR | IXON);
	raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/**
 * _getch() - wait for a key
 *
 * It comes from the terminal, unseen; or is the next byte of standard input,
 * if that is none.
 *
 * Return: the key, or EOF.
 */
MAILSLOT_API int _getch(void)
{
	struct termios old;
	int is_terminal = !raw_input(&old);
	unsigned char key;
	ssize_t len;

	len = read(STDIN_FILENO, &key, 1);
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &old);
	return len == 1 ? key : EOF;
}

/**
 * _kbhit() - whether a key waits for _getch()
 *
 * Return: 1 or 0.
 */
MAILSLOT_API int _kbhit(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	struct termios old;
	int is_terminal = !raw_input(&old);
	int ready = poll(&fd, 1, 0);

	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &old);
	return ready > 0;
}
