/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: what happens to slots and messages. A slot is known by its
 * inode number; mailslot_create tells the name that goes with it.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mailslot

#if !defined(_MAILSLOT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _MAILSLOT_TRACE_H

#include <linux/dcache.h>
#include <linux/ip.h>
#include <linux/tracepoint.h>
#include <linux/udp.h>
#include <net/net_namespace.h>

#include "mailslot.h"

TRACE_EVENT(mailslot_create,
	TP_PROTO(const struct mailslot *slot),
	TP_ARGS(slot),
	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__field(u32, max_size)
		__field(u32, timeout_ms)
		__field(u32, flags)
		__dynamic_array(char, name, slot->dentry->d_name.len + 1)
	),
	TP_fast_assign(
		__entry->ino = slot->vfs_inode.i_ino;
		__entry->max_size = slot->max_size;
		__entry->timeout_ms = slot->timeout_ms;
		__entry->flags = slot->flags;
		memcpy(__get_dynamic_array(name), slot->dentry->d_name.name,
		       slot->dentry->d_name.len + 1);
	),
	TP_printk("slot=%lu max_size=%u timeout_ms=%u flags=%x name=%s",
		  __entry->ino, __entry->max_size, __entry->timeout_ms,
		  __entry->flags, (char *)__get_dynamic_array(name))
);

TRACE_EVENT(mailslot_release,
	TP_PROTO(const struct mailslot *slot),
	TP_ARGS(slot),
	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__field(u64, delivered)
		__field(u32, unread)
	),
	TP_fast_assign(
		__entry->ino = slot->vfs_inode.i_ino;
		__entry->delivered = slot->stats.delivered;
		__entry->unread = slot->count;
	),
	TP_printk("slot=%lu delivered=%llu unread=%u", __entry->ino,
		  __entry->delivered, __entry->unread)
);

DECLARE_EVENT_CLASS(mailslot_message,
	TP_PROTO(const struct mailslot *slot, size_t size),
	TP_ARGS(slot, size),
	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__field(size_t, size)
		__field(u32, count)
	),
	TP_fast_assign(
		__entry->ino = slot->vfs_inode.i_ino;
		__entry->size = size;
		__entry->count = slot->count;
	),
	TP_printk("slot=%lu size=%zu count=%u", __entry->ino, __entry->size,
		  __entry->count)
);

DEFINE_EVENT(mailslot_message, mailslot_write,
	TP_PROTO(const struct mailslot *slot, size_t size),
	TP_ARGS(slot, size)
);

DEFINE_EVENT(mailslot_message, mailslot_read,
	TP_PROTO(const struct mailslot *slot, size_t size),
	TP_ARGS(slot, size)
);

TRACE_DEFINE_ENUM(MAILSLOT_DROP_TOO_LONG);
TRACE_DEFINE_ENUM(MAILSLOT_DROP_QUEUE_FULL);
TRACE_DEFINE_ENUM(MAILSLOT_DROP_USER_QUOTA);
TRACE_DEFINE_ENUM(MAILSLOT_DROP_NO_MEMORY);

TRACE_EVENT(mailslot_drop,
	TP_PROTO(const struct mailslot *slot, enum mailslot_drop reason,
		 size_t size),
	TP_ARGS(slot, reason, size),
	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__field(u32, reason)
		__field(size_t, size)
	),
	TP_fast_assign(
		__entry->ino = slot->vfs_inode.i_ino;
		__entry->reason = reason;
		__entry->size = size;
	),
	TP_printk("slot=%lu reason=%s size=%zu", __entry->ino,
		  __print_symbolic(__entry->reason,
			{ MAILSLOT_DROP_TOO_LONG, "too_long" },
			{ MAILSLOT_DROP_QUEUE_FULL, "queue_full" },
			{ MAILSLOT_DROP_USER_QUOTA, "user_quota" },
			{ MAILSLOT_DROP_NO_MEMORY, "no_memory" }),
		  __entry->size)
);

TRACE_EVENT(mailslot_remote_receive,
	TP_PROTO(const struct mailslot_fs *fs, const struct sk_buff *skb,
		 enum mailslot_fate fate),
	TP_ARGS(fs, skb, fate),
	TP_STRUCT__entry(
		__field(u32, netns)
		__array(u8, source, 4)
		__field(u32, size)
		__field(u32, fate)
	),
	TP_fast_assign(
		__entry->netns = fs->net->ns.inum;
		memcpy(__entry->source, &ip_hdr(skb)->saddr, 4);
		__entry->size = skb->len - sizeof(struct udphdr);
		__entry->fate = fate;
	),
	TP_printk("netns=%u source=%pI4 size=%u fate=%u", __entry->netns,
		  __entry->source, __entry->size, __entry->fate)
);

TRACE_EVENT(mailslot_remote_send,
	TP_PROTO(const struct mailslot_fs *fs, const struct mslot_dest *dest,
		 size_t size, int err),
	TP_ARGS(fs, dest, size, err),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u32, kind)
		__array(u8, address, 4)
		__field(size_t, size)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->netns = fs->net->ns.inum;
		__entry->kind = dest->kind;
		memcpy(__entry->address, &dest->address, 4);
		__entry->size = size;
		__entry->err = err;
	),
	TP_printk("netns=%u kind=%u address=%pI4 size=%zu err=%d",
		  __entry->netns, __entry->kind, __entry->address,
		  __entry->size, __entry->err)
);

#endif /* _MAILSLOT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
