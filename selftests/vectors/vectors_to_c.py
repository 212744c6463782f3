#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the test packets of this folder as a C table.

usage: vectors_to_c.py >wire_vectors.h
"""
import csv
import pathlib
import re

FOLDER = pathlib.Path(__file__).parent
SMB_START = 82  # datagram header and two names without scope


def c_bytes(data):
    """A C string literal of the bytes, 16 a line."""
    if not data:
        return '""'
    lines = [data[i:i + 16] for i in range(0, len(data), 16)]
    return "\n".join(
        '\t\t"' + "".join(f"\\x{byte:02x}" for byte in line) + '"'
        for line in lines).lstrip()


def c_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def netbios(text):
    """The 16 bytes of a name as samba.tsv writes it: MSALPHA<00>."""
    parts = re.findall(r"<([0-9a-f]{2})>|([^<])", text)
    name = bytes(int(code, 16) if code else ord(char) for code, char in parts)
    return name[:-1].ljust(15, b" ") + name[-1:]


def row(file, number, label, expect, packet, more=()):
    fields = [
        ("file", c_text(file)), ("number", number), ("label", c_text(label)),
        ("expect", f"EXPECT_{expect.upper()}"), ("len", len(packet)),
        ("bytes", c_bytes(packet)), *more]
    print("\t{")
    for name, value in fields:
        print(f"\t\t.{name} = {value},")
    print("\t},")


def expected_rows(file):
    with open(FOLDER / f"{file}.tsv", encoding="ascii", newline="") as source:
        lines = csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE)
        for line in lines:
            packet = bytes.fromhex(line["udp_payload_hex"])
            row(file, line["n"], line["label"], line["expect"], packet)


def samba_rows():
    with open(FOLDER / "samba.tsv", encoding="ascii", newline="") as source:
        lines = csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE)
        for line in lines:
            packet = bytes.fromhex(line["udp_payload_hex"])
            decoded = [
                ("type", line["msg_type"]),
                ("source", c_bytes(netbios(line["source_name"]))),
                ("dest", c_bytes(netbios(line["dest_name"]))),
                ("path", c_text(line["mailslot"])),
                ("data_offset", SMB_START + int(line["data_offset"])),
                ("data_len", line["data_count"])]
            label = f'{line["# pcap"]} {line["frame"]}'
            row("samba", line["frame"], label, "deliver", packet, decoded)


def main():
    print("/* SPDX-License-Identifier: GPL-2.0-only */")
    print("/* Made by vectors_to_c.py. */")
    print("static const struct wire_vector wire_vectors[] = {")
    expected_rows("good")
    expected_rows("bad")
    samba_rows()
    print("};")


if __name__ == "__main__":
    main()
