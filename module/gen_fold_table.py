#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write fold_table.h from Unicode's UnicodeData.txt.

A letter folds to its simple upper-case letter when that letter's simple
lower-case is the letter itself, and both are in the BMP. That "there and back"
rule is Windows': together with the limit to letters of Unicode 5.1 it yields
exactly the 973 entries of the $UpCase file that mkntfs writes for Windows 7
and later. It leaves out the mappings to ASCII (dotless i, long s), the micro
sign, the final sigma, the title-case digraphs and the Greek symbols. Letters
younger than 5.1 follow the same rule here.

usage: gen_fold_table.py [UnicodeData.txt] >fold_table.h
"""
import sys

DEFAULT_SOURCE = "/usr/share/unicode/UnicodeData.txt"
BMP = 0x10000


def read_folds(path):
    """Return {letter: folded letter} of all letters that fold."""
    upper, lower = {}, {}
    with open(path, encoding="ascii") as source:
        for line in source:
            field = line.rstrip("\n").split(";")
            code = int(field[0], 16)
            if field[12]:
                upper[code] = int(field[12], 16)
            if field[13]:
                lower[code] = int(field[13], 16)
    return {code: up for code, up in upper.items()
            if code < BMP and up < BMP and lower.get(up) == code}


def make_ranges(folds):
    """Join letters of one distance that stand 1 or 2 apart."""
    ranges = []
    for code in sorted(folds):
        delta = (folds[code] - code) % BMP
        if ranges:
            first, last, old_delta, stride = ranges[-1]
            step = code - last
            joins = step == stride or (stride == 0 and step in (1, 2))
            if delta == old_delta and joins:
                ranges[-1] = (first, code, delta, step)
                continue
        ranges.append((code, code, delta, 0))
    return [(first, last, delta, stride or 1)
            for first, last, delta, stride in ranges]


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else DEFAULT_SOURCE
    print("/* SPDX-License-Identifier: GPL-2.0-only */")
    print("/* Made by gen_fold_table.py from Unicode's UnicodeData.txt. */")
    print("static const struct fold_range fold_ranges[] = {")
    for first, last, delta, stride in make_ranges(read_folds(path)):
        print(f"\t{{ 0x{first:04x}, 0x{last:04x}, 0x{delta:04x}, {stride} }},")
    print("};")


if __name__ == "__main__":
    main()
