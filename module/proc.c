// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/mailslot: the counters of the instance, then its slots, one line
 * each. A namespace in which nothing is mounted has an empty file.
 */
#include <linux/proc_fs.h>
#include <linux/rculist.h>
#include <linux/seq_file_net.h>
#include <net/net_namespace.h>

#include "msg.h"
#include "remote.h"

static void show_counter(struct seq_file *m, const char *name, u64 value)
{
	seq_printf(m, "counter %s %llu\n", name, value);
}

static void add_stats(struct mailslot_stats *sum,
		      const struct mailslot_ioctl_info *info)
{
	sum->delivered += info->delivered;
	sum->dropped[MAILSLOT_DROP_TOO_LONG] += info->dropped_too_long;
	sum->dropped[MAILSLOT_DROP_QUEUE_FULL] += info->dropped_queue_full;
	sum->dropped[MAILSLOT_DROP_USER_QUOTA] += info->dropped_user_quota;
	sum->dropped[MAILSLOT_DROP_NO_MEMORY] += info->dropped_no_memory;
}

/* How often a walk may be repeated before it holds up who closes slots. */
#define WALKS_MAX	8

/**
 * struct totals - what an instance has seen altogether
 * @slots: Slots that exist.
 * @created: Slots that ever existed.
 * @stats: What happened to all of these.
 */
struct totals {
	u32 slots;
	u64 created;
	struct mailslot_stats stats;
};

static void add_slots(struct mailslot_fs *fs, struct mailslot_stats *sum)
{
	struct mailslot_ioctl_info info;
	struct mailslot *slot;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fs->table); i++) {
		hlist_for_each_entry_rcu(slot, &fs->table[i], node) {
			mailslot_info(slot, &info);
			add_stats(sum, &info);
		}
	}
}

static void begin_sum(struct mailslot_fs *fs, struct totals *totals)
{
	lockdep_assert_held(&fs->lock);

	totals->stats = fs->stats;
	totals->created = fs->created;
	totals->slots = fs->slots;
}

/* How many slots have gone, ever. */
static u64 gone(const struct totals *totals)
{
	return totals->created - totals->slots;
}

/*
 * The slots that are gone and those that exist, added up. One that goes while
 * we walk would be counted twice or not at all, so that a counter would fall:
 * then walk again, at last with the door closed.
 */
static void sum_up(struct mailslot_fs *fs, struct totals *totals)
{
	struct totals after;
	int i;

	for (i = 0; i < WALKS_MAX; i++) {
		spin_lock(&fs->lock);
		begin_sum(fs, totals);
		spin_unlock(&fs->lock);
		add_slots(fs, &totals->stats);
		spin_lock(&fs->lock);
		begin_sum(fs, &after);
		spin_unlock(&fs->lock);
		if (gone(&after) == gone(totals))
			return;
	}
	spin_lock(&fs->lock);
	begin_sum(fs, totals);
	add_slots(fs, &totals->stats);
	spin_unlock(&fs->lock);
}

static void show_counters(struct seq_file *m, struct mailslot_fs *fs)
{
	struct totals totals;
	const u64 *dropped = totals.stats.dropped;

	sum_up(fs, &totals);
	show_counter(m, "slots", totals.slots);
	show_counter(m, "created", totals.created);
	show_counter(m, "delivered", totals.stats.delivered);
	show_counter(m, "dropped_too_long",
		     dropped[MAILSLOT_DROP_TOO_LONG]);
	show_counter(m, "dropped_queue_full",
		     dropped[MAILSLOT_DROP_QUEUE_FULL]);
	show_counter(m, "dropped_user_quota",
		     dropped[MAILSLOT_DROP_USER_QUOTA]);
	show_counter(m, "dropped_no_memory",
		     dropped[MAILSLOT_DROP_NO_MEMORY]);
	mailslot_remote_show(m, fs);
}

static void show_slot(struct seq_file *m, struct mailslot *slot)
{
	const struct inode *inode = &slot->vfs_inode;
	struct mailslot_ioctl_info info;

	mailslot_info(slot, &info);
	seq_printf(m, "slot %u %u %u %llu %llu %llu %llu %llu %llu %x %u %04o ",
		   info.max_message_size, info.read_timeout_ms,
		   info.message_count, info.queued_bytes, info.delivered,
		   info.dropped_too_long, info.dropped_queue_full,
		   info.dropped_user_quota, info.dropped_no_memory, info.flags,
		   from_kuid_munged(seq_user_ns(m), inode->i_uid),
		   inode->i_mode & S_IALLUGO);
	seq_printf(m, "%pd\n", slot->dentry);
}

/*
 * The position is 1 + the number of the bucket; a bucket is shown whole, which
 * keeps the walk linear however many slots there are.
 */
static struct hlist_head *bucket(struct mailslot_fs *fs, loff_t pos)
{
	return pos <= ARRAY_SIZE(fs->table) ? &fs->table[pos - 1] : NULL;
}

static void *mailslot_seq_start(struct seq_file *m, loff_t *pos)
	__acquires(RCU)
{
	struct mailslot_fs *fs;

	rcu_read_lock();
	fs = mailslot_net_fs(seq_file_net(m));
	if (!fs)
		return NULL;
	return *pos ? bucket(fs, *pos) : SEQ_START_TOKEN;
}

static void *mailslot_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct mailslot_fs *fs = mailslot_net_fs(seq_file_net(m));

	++*pos;
	return fs ? bucket(fs, *pos) : NULL;
}

static void mailslot_seq_stop(struct seq_file *m, void *v)
	__releases(RCU)
{
	rcu_read_unlock();
}

static int mailslot_seq_show(struct seq_file *m, void *v)
{
	struct hlist_head *head = v;
	struct mailslot *slot;

	if (v == SEQ_START_TOKEN) {
		struct mailslot_fs *fs = mailslot_net_fs(seq_file_net(m));

		if (fs)
			show_counters(m, fs);
		return 0;
	}
	hlist_for_each_entry_rcu(slot, head, node)
		show_slot(m, slot);
	return 0;
}

static const struct seq_operations seq_operations = {
	.start = mailslot_seq_start,
	.next = mailslot_seq_next,
	.stop = mailslot_seq_stop,
	.show = mailslot_seq_show,
};

/**
 * mailslot_proc_init - make the file of a network namespace
 * @net: The namespace.
 *
 * Context: Process context.
 * Return: 0 or -ENOMEM.
 */
int mailslot_proc_init(struct net *net)
{
	if (!proc_create_net("mailslot", 0444, net->proc_net, &seq_operations,
			     sizeof(struct seq_net_private)))
		return -ENOMEM;
	return 0;
}

/**
 * mailslot_proc_exit - remove the file of a network namespace
 * @net: The namespace.
 *
 * Context: Process context.
 */
void mailslot_proc_exit(struct net *net)
{
	remove_proc_entry("mailslot", net->proc_net);
}
