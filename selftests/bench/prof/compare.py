#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a change bought: the difference of two profiles by function.

usage: compare.py BEFORE AFTER

Both are profile files of `make bench PROFILE=...`.
"""
import sys


def read(path):
    """Instructions per operation by function."""
    values = {}
    with open(path, encoding="ascii") as profile:
        for line in profile:
            if line.startswith("#"):
                continue
            value, _, name = line.strip().split(None, 2)
            values[name] = float(value)
    return values


def main():
    """Print every function that changed, the largest change first."""
    before, after = read(sys.argv[1]), read(sys.argv[2])
    rows = [(after.get(name, 0) - before.get(name, 0), name)
            for name in before.keys() | after.keys()]
    rows.sort(key=lambda row: (row[1] != "total", -abs(row[0]), row[1]))
    for change, name in rows:
        if name == "total" or abs(change) >= 0.5:
            print(f"{before.get(name, 0):9.1f} -> {after.get(name, 0):9.1f}"
                  f" {change:+9.1f}  {name}")


main()
