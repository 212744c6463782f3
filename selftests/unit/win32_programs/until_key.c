/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server that stops when a key is pressed. A thread of its own waits for
 * mail, and the last mail is the program's own: the way out where a read that
 * waits cannot be ended otherwise.
 */
#include <windows.h>
#include <conio.h>
#include <stdio.h>

#define SLOT_NAME "\\\\.\\mailslot\\UntilKey"

static volatile BOOL bStop = FALSE;

DWORD WINAPI Receive(LPVOID lpParameter)
{
    HANDLE hSlot = (HANDLE)lpParameter;
    BYTE Buffer[512];
    DWORD cbRead;

    while (ReadFile(hSlot, Buffer, sizeof(Buffer), &cbRead, NULL) && !bStop)
        printf("Received %d bytes\n", cbRead);
    return 0;
}

void main(void)
{
    HANDLE hSlot, hThread, hSelf;
    DWORD dwThreadId, cbWritten;

    hSlot = CreateMailslot(SLOT_NAME, 512, MAILSLOT_WAIT_FOREVER, NULL);
    if (hSlot == INVALID_HANDLE_VALUE)
    {
        printf("No mailslot: error %d\n", GetLastError());
        return;
    }
    hThread = CreateThread(NULL, 0, Receive, hSlot, 0, &dwThreadId);

    printf("Press a key\n");
    printf("Key %d\n", _getch());

    bStop = TRUE;
    hSelf = CreateFile(SLOT_NAME, GENERIC_WRITE, FILE_SHARE_READ, NULL,
                       OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (!WriteFile(hSelf, "end", 3, &cbWritten, NULL))
        printf("Not written: error %d\n", GetLastError());
    CloseHandle(hSelf);

    if (WaitForSingleObject(hThread, INFINITE) == WAIT_FAILED)
        printf("Not waited: error %d\n", GetLastError());
    CloseHandle(hThread);
    CloseHandle(hSlot);
    printf("Stopped\n");
}
