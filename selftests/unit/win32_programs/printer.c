/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server as Windows programmers write them: it prints what it is sent, until
 * reading fails.
 */
#include <windows.h>
#include <stdio.h>

void main(void)
{
    HANDLE hSlot;
    char Text[512];
    DWORD cbText;

    hSlot = CreateMailslot("\\\\.\\Mailslot\\Printer", 0, MAILSLOT_WAIT_FOREVER,
                           NULL);
    if (hSlot == INVALID_HANDLE_VALUE)
    {
        printf("No mailslot: error %d\n", GetLastError());
        return;
    }

    while (ReadFile(hSlot, Text, sizeof(Text), &cbText, NULL))
    {
        printf("%d bytes: %.*s\n", cbText, cbText, Text);
        fflush(stdout);
    }
}
