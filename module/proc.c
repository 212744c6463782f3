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

static void sum_up(const struct mailslot_fs *fs, struct mailslot_stats *sum)
{
	const struct mailslot_stats *stats;
	int cpu, i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(fs->stats, cpu);
		sum->delivered += READ_ONCE(stats->delivered);
		for (i = 0; i < MAILSLOT_DROPS; i++)
			sum->dropped[i] += READ_ONCE(stats->dropped[i]);
	}
}

static void show_counters(struct seq_file *m, struct mailslot_fs *fs)
{
	struct mailslot_stats sum;
	const u64 *dropped = sum.dropped;
	u64 created, slots;

	spin_lock(&fs->lock);
	created = fs->created;
	slots = fs->slots;
	spin_unlock(&fs->lock);
	sum_up(fs, &sum);

	show_counter(m, "slots", slots);
	show_counter(m, "created", created);
	show_counter(m, "delivered", sum.delivered);
	show_counter(m, "dropped_too_long", dropped[MAILSLOT_DROP_TOO_LONG]);
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
	if (IS_ENABLED(CONFIG_PROC_FS) &&
	    !proc_create_net("mailslot", 0444, net->proc_net, &seq_operations,
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
