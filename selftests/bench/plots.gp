# SPDX-License-Identifier: GPL-2.0-only
# Plots of data.txt, as run.sh makes it; "data" and "out" are set by it.
set datafile missing "NaN"
set terminal svg size 900,420 font "sans-serif,13" background "white"
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set boxwidth 0.9
set grid ytics
set key outside right
set xtics nomirror
set ytics nomirror
set border 3
set bmargin 4
set offsets -0.4, -0.4, 0, 0
set ylabel "guest instructions"
set yrange [0:*]
array name[8] = ["mailslot", "POSIX mq", "SysV msg", "O\\_DIRECT pipe", \
	"unix dgram", "unix seqpacket", "netlink multicast", "UDP multicast"]
array colour[8] = ["#c03030", "#30507a", "#5078a8", "#80a8d0", \
	"#406040", "#78a078", "#b09040", "#a0a0a0"]
cells(which) = sprintf("< awk '%s' '%s'", which, data)

set output out."/pair.svg"
set title "One write and one read, by message size"
set logscale y 2
set yrange [1000:*]
plot for [i=1:8] cells('$1 == "pair" && $3 == 1') \
	using (column(i + 3)):xtic(strcol(2)." B") \
	title name[i] linecolor rgb colour[i]
unset logscale y
set yrange [0:*]

set output out."/two-processes.svg"
set title "Several processes on one processor, per message or round trip"
label(metric, count) = metric eq "pingpong" ? "ping-pong\n64 B" : \
	sprintf("%d writer%s\n424 B", count, count == 1 ? "" : "s")
plot for [i=1:6] cells('$1 == "stream" || $1 == "pingpong" && $3 == 1') \
	using (column(i + 3)):xtic(label(strcol(1), column(3))) \
	title name[i] linecolor rgb colour[i]

set output out."/many.svg"
set title "424 B to many receivers, per receiver; and 32 in a batch, per message"
many(metric, count) = metric eq "batch" ? \
	sprintf("receive %d", count) : sprintf("send to %d", count)
plot for [i=1:8] cells('$1 == "fanout" || $1 == "batch"') \
	using (column(i + 3)):xtic(many(strcol(1), column(3))) \
	title name[i] linecolor rgb colour[i]

set output out."/life.svg"
set title "Making and removing a queue; opening it by name, writing and closing"
life(metric, count) = metric eq "create" ? "create\n+ close" : \
	sprintf("by name\nof %d", count)
plot for [i=1:8] cells('$1 == "create" || $1 == "names"') \
	using (column(i + 3)):xtic(life(strcol(1), column(3))) \
	title name[i] linecolor rgb colour[i]
