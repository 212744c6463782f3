/* SPDX-License-Identifier: GPL-2.0-only */
/* A client as Windows programmers write them: notify COMPUTER SLOT TEXT. */
#include <winbase.h>
#include <stdio.h>

void main(int argc, char *argv[])
{
    HANDLE hSlot;
    DWORD cbWritten;
    CHAR Name[MAX_PATH];

    if (argc < 4)
    {
        printf("Usage: notify <computer> <slot> <text>\n");
        return;
    }
    sprintf(Name, "\\\\%s\\Mailslot\\%s", argv[1], argv[2]);

    hSlot = CreateFile(Name, GENERIC_WRITE, FILE_SHARE_READ, NULL,
                       OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (hSlot == INVALID_HANDLE_VALUE)
    {
        printf("No mailslot: error %d\n", GetLastError());
        return;
    }
    if (WriteFile(hSlot, argv[3], strlen(argv[3]), &cbWritten, NULL) == 0)
        printf("Not written: error %d\n", GetLastError());
    else
        printf("Wrote %d bytes\n", cbWritten);
    CloseHandle(hSlot);
}
