#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Instructions per operation by kernel function, from what count.so counted.

usage: byfunc.py COUNTS RAW [N]

COUNTS is the plugin's file, RAW the benchmark's output of the same run, with
the kernel's symbols and one cell. N functions are printed, all by default.
"""
import bisect
import collections
import sys


def read_raw(path):
    """The symbols, sorted by address, and the words of the last cell."""
    symbols, cell = [], None
    with open(path, encoding="ascii", errors="replace") as raw:
        for line in raw:
            words = line.split()
            if words[0] == "symbol":
                name = words[3] + (" " + words[4] if len(words) > 4 else "")
                symbols.append((int(words[1], 16), name))
            elif words[0] == "cell":
                cell = words
    return sorted(symbols), cell


def by_function(path, symbols):
    """Executions per function."""
    addresses = [address for address, _ in symbols]
    total = collections.Counter()
    with open(path, encoding="ascii") as counts:
        for line in counts:
            where, count = line.split()
            if where not in ("user", "elsewhere"):
                i = bisect.bisect_right(addresses, int(where, 16)) - 1
                where = symbols[i][1]
            total[where] += int(count)
    return total


def main():
    """Print the table."""
    symbols, cell = read_raw(sys.argv[2])
    if not cell or not symbols:
        sys.exit("byfunc.py: the run measured nothing")
    total = by_function(sys.argv[1], symbols)
    _, metric, size, count, backend, _, ops = cell
    ops = int(ops)
    everything = sum(total.values())
    print(f"# {metric} {size} {count} {backend}: instructions per operation,"
          f" {ops} operations")
    print(f"{everything / ops:9.1f} 100.0%  total")
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else None
    for name, value in total.most_common(limit):
        if value / ops >= 0.05:
            print(f"{value / ops:9.1f} {100 * value / everything:5.1f}%  {name}")


main()
