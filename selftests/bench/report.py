#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables of what the benchmark measured.

usage: report.py goals|table|data MODE RAW...

goals prints our figures against goals.txt, table every figure with its ratio
to POSIX mq, data the same for gnuplot. With several RAW files, each of a boot
of its own, ratios are taken within each boot and their median is printed.
"""
import pathlib
import statistics
import sys

OURS = "mailslot"
REFERENCE = "mq"
FLOOR = ("nullzero", "getppid2")
BACKENDS = (OURS, "mq", "sysv", "pipe", "dgram", "seqpacket", "netlink",
            "udpmc", "mailslot-ioctl", "mailslot-uring") + FLOOR
UNITS = {"icount": "guest instructions (room: messages; memory: bytes)",
         "smp": "nanoseconds", "bare": "bytes"}


class Boot:
    """The figures of one boot: (metric, size, count) -> backend -> value."""

    def __init__(self, path):
        self.cells = {}
        self.failed = set()
        for line in pathlib.Path(path).read_text("ascii").splitlines():
            words = line.split()
            if words[0] == "cell":
                key = (words[1], int(words[2]), int(words[3]))
                self.cells.setdefault(key, {})[words[4]] = float(words[5])
            elif words[0] == "fail":
                self.failed.add(" ".join(words[1:]))

    def value(self, key, backend):
        """One figure, or None."""
        return self.cells.get(key, {}).get(backend)

    def ratio(self, key, backend):
        """To the reference in the same boot, or None."""
        value, base = self.value(key, backend), self.value(key, REFERENCE)
        return value / base if value is not None and base else None

    def peers(self, key):
        """Name -> figure of all others that are queues."""
        return {name: value for name, value
                in self.cells.get(key, {}).items()
                if not name.startswith(OURS) and name not in FLOOR}

    def bound(self, text, key):
        """A bound of goals.txt as a number in this boot, or None."""
        if text == "best":
            return min(self.peers(key).values(), default=None)
        factor, _, of = text.removeprefix(">=").partition("*")
        if not of:
            return float(factor)
        if of.startswith("#"):
            base = self.value((key[0], key[1], int(of[1:])), OURS)
        else:
            base = self.value(key, of)
        return float(factor) * base if base is not None else None


def median(values):
    """Of what there is; None of nothing."""
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def best_peer(boots, key):
    """Name and figure of the fastest peer, by the median over the boots."""
    peers = {name for boot in boots for name in boot.peers(key)}
    return min(((median(boot.value(key, name) for boot in boots), name)
                for name in peers), default=(None, None))


def met(boots, key, bounds):
    """Whether our figure meets all bounds, by the median over the boots."""
    for text in bounds.split(","):
        shares = []
        for boot in boots:
            value, bound = boot.value(key, OURS), boot.bound(text, key)
            shares.append(value / bound if value is not None and bound
                          else None)
        share = median(shares)
        if share is None:
            return None
        if share < 1 if text.startswith(">=") else share > 1:
            return False
    return True


def number(value):
    """As text; "-" for nothing."""
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def ratio_text(value):
    """Two digits; "-" for nothing."""
    return "-" if value is None else f"{value:.2f}"


def verdict(value):
    """A word for met()."""
    return {True: "met", False: "NOT MET", None: "-"}[value]


def read_goals(mode):
    """The goals of one mode: (key, reach, then, title)."""
    path = pathlib.Path(__file__).with_name("goals.txt")
    for line in path.read_text("ascii").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        what, reach, then, title = (part.strip() for part in line.split("|"))
        words = what.split()
        if words[0] == mode:
            key = (words[1], int(words[2]), int(words[3]))
            yield key, reach, then, title


def print_goals(mode, boots):
    """Our figures against the goals."""
    rows = [("metric", OURS, ": mq", "best peer", "reach", "", "and then", "")]
    for key, reach, then, title in read_goals(mode):
        if all(boot.value(key, OURS) is None for boot in boots):
            continue
        best = best_peer(boots, key)
        value = median(boot.value(key, OURS) for boot in boots)
        rows.append((title, number(value),
                     ratio_text(median(boot.ratio(key, OURS)
                                       for boot in boots)),
                     f"{best[1]} {number(best[0])}" if best[1] else "-",
                     reach, verdict(met(boots, key, reach)),
                     then, verdict(met(boots, key, then))))
    if len(rows) > 1:
        print_rows(rows)


def print_rows(rows):
    """As a Markdown table with straight columns."""
    rows = [[str(field) for field in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for n, row in enumerate(rows):
        print("| " + " | ".join(field.ljust(width) for field, width
                                in zip(row, widths)) + " |")
        if not n:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def all_keys(boots):
    """Every cell of any boot, in the order of measuring."""
    return list(dict.fromkeys(key for boot in boots for key in boot.cells))


def print_table(mode, boots):
    """Every figure, and the ratio to the reference."""
    keys = all_keys(boots)
    backends = [name for name in BACKENDS
                if any(name in boot.cells.get(key, {})
                       for boot in boots for key in keys)]
    rows = [["metric", "size", "count"] + backends]
    for key in keys:
        row = list(key)
        for name in backends:
            value = median(boot.value(key, name) for boot in boots)
            ratio = median(boot.ratio(key, name) for boot in boots)
            text = number(value)
            if name != REFERENCE and ratio is not None:
                text += f" ({ratio:.2f})"
            row.append(text)
        rows.append(row)
    print(f"In {UNITS[mode]}; in brackets the ratio to POSIX mq.")
    print()
    print_rows(rows)
    for failed in sorted(set().union(*(boot.failed for boot in boots))):
        print(f"not measured: {failed}")


def print_data(_mode, boots):
    """One line a cell: metric, size, count, and a column a backend."""
    print(" ".join(("metric", "size", "count") + BACKENDS))
    for key in all_keys(boots):
        values = (median(boot.value(key, name) for boot in boots)
                  for name in BACKENDS)
        print(*key, *("NaN" if value is None else f"{value:.2f}"
                      for value in values))


def main():
    """Dispatch."""
    what = {"goals": print_goals, "table": print_table, "data": print_data}
    if len(sys.argv) < 4 or sys.argv[1] not in what:
        sys.exit(__doc__)
    what[sys.argv[1]](sys.argv[2], [Boot(path) for path in sys.argv[3:]])


main()
