/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <conio.h>: single keys from the terminal. */
#ifndef _MAILSLOT_CONIO_H
#define _MAILSLOT_CONIO_H

#ifdef __cplusplus
extern "C" {
#endif

int _getch(void);
int _kbhit(void);

#ifdef __cplusplus
}
#endif

#endif /* _MAILSLOT_CONIO_H */
