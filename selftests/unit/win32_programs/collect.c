/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server in the style of Microsoft's own examples: text macros, overlapped
 * reads with an event that has a name, and a look into the slot beforehand.
 */
#include <windows.h>
#include <tchar.h>
#include <stdio.h>
#include <strsafe.h>

HANDLE hSlot;
LPCTSTR SlotName = TEXT("\\\\.\\mailslot\\collect\\sample");

BOOL WINAPI MakeSlot(LPCTSTR lpszSlotName)
{
    hSlot = CreateMailslot(lpszSlotName, 0, MAILSLOT_WAIT_FOREVER,
                           (LPSECURITY_ATTRIBUTES)NULL);
    if (hSlot == INVALID_HANDLE_VALUE)
    {
        _tprintf(TEXT("CreateMailslot failed with %d\n"), GetLastError());
        return FALSE;
    }
    return TRUE;
}

BOOL CollectOne(DWORD dwNumber)
{
    DWORD cbMessage = 0, cMessages = 0, cbRead = 0;
    LPTSTR lpszText;
    TCHAR achTitle[80];
    OVERLAPPED ov;
    BOOL fResult;

    ov.Offset = 0;
    ov.OffsetHigh = 0;
    ov.hEvent = CreateEvent(NULL, FALSE, FALSE, TEXT("CollectSlot"));
    if (ov.hEvent == NULL)
        return FALSE;

    do
        fResult = GetMailslotInfo(hSlot, (LPDWORD)NULL, &cbMessage, &cMessages,
                                  (LPDWORD)NULL);
    while (fResult && cbMessage == MAILSLOT_NO_MESSAGE && (Sleep(10), 1));
    if (!fResult)
        return FALSE;

    StringCchPrintf(achTitle, 80, TEXT("\nMessage #%d"), dwNumber);
    lpszText = (LPTSTR)GlobalAlloc(GPTR, lstrlen(achTitle) * sizeof(TCHAR) +
                                   cbMessage + 1);
    if (lpszText == NULL)
        return FALSE;

    fResult = ReadFile(hSlot, lpszText, cbMessage, &cbRead, &ov);
    if (!fResult && GetLastError() == ERROR_IO_PENDING)
        fResult = GetOverlappedResult(hSlot, &ov, &cbRead, TRUE);
    if (fResult)
    {
        StringCbCat(lpszText, lstrlen(achTitle) * sizeof(TCHAR) + cbMessage + 1,
                    achTitle);
        _tprintf(TEXT("Contents of the mailslot: %s\n"), lpszText);
    }
    GlobalFree((HGLOBAL)lpszText);
    CloseHandle(ov.hEvent);
    return fResult;
}

int _tmain(void)
{
    if (!MakeSlot(SlotName))
        return 1;
    return CollectOne(1) && CollectOne(2) && CloseHandle(hSlot) ? 0 : 1;
}
