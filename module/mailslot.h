/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The structures of the mailslot module, and the rules for their locks and
 * lifetimes. module/README.md has the picture that goes with them.
 *
 * Lock order, outermost first: the super block's s_umount, mailslot_fs.
 * remote_lock; the root directory's i_rwsem, mailslot_fs.names; the slot lock
 * (mailslot.wait.lock), the locks of the clients' wait queues, epoll's own.
 * mailslot_fs.lock and the lock of the table of users are leaves: nothing is
 * taken inside them, and they are never taken inside the slot lock.
 */
#ifndef _MAILSLOT_H
#define _MAILSLOT_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/poll.h>
#include <linux/mailslot.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/rwsem.h>
#include <linux/wait.h>

#include "wire.h"

struct mem_cgroup;
struct net;

/* Minors of the nodes; constant, so that a device cgroup can name them. */
#define MAILSLOT_MINOR_SLOT	0
#define MAILSLOT_MINOR_REMOTE	1
#define MAILSLOT_MINORS		2

/* What an option of the mount sets; super.c has the table with their limits. */
enum mailslot_opt {
	MAILSLOT_OPT_MODE,
	MAILSLOT_OPT_UID,
	MAILSLOT_OPT_GID,
	MAILSLOT_OPT_SLOT_MODE,
	MAILSLOT_OPT_MAX_MESSAGE,
	MAILSLOT_OPT_MAX_QUEUE_BYTES,
	MAILSLOT_OPT_MAX_QUEUE_MESSAGES,
	MAILSLOT_OPT_MAX_USER_BYTES,
	MAILSLOT_OPT_MAX_USER_SLOTS,
	MAILSLOT_OPT_MAX_SLOTS,
	MAILSLOT_OPT_REMOTE,
	MAILSLOT_OPT_PORT,
	MAILSLOT_OPT_RATE,
	MAILSLOT_OPT_RATE_ALL,
	MAILSLOT_OPT_MAX_REMOTE_BYTES,
	MAILSLOT_OPT_LARGE,
	MAILSLOT_OPTS
};

/* Why a message was refused: an index into mailslot_stats.dropped. */
enum mailslot_drop {
	MAILSLOT_DROP_TOO_LONG,
	MAILSLOT_DROP_QUEUE_FULL,
	MAILSLOT_DROP_USER_QUOTA,
	MAILSLOT_DROP_NO_MEMORY,
	MAILSLOT_DROPS
};

/* What became of a datagram, beyond what the parser says of it. */
enum mailslot_fate {
	MAILSLOT_FATE_DELIVERED = MSLOT_DROP_NONE,
	/* enum mslot_drop lies between */
	MAILSLOT_FATE_NOT_LOOPBACK = MSLOT_DROP_WIRE_END,
	MAILSLOT_FATE_NOT_ALLOWED,
	MAILSLOT_FATE_RATE,
	MAILSLOT_FATE_NOT_OUR_NAME,
	MAILSLOT_FATE_TOO_LONG,
	MAILSLOT_FATE_DUPLICATE,
	MAILSLOT_FATE_NO_SLOT,
	MAILSLOT_FATE_NOT_ACCEPTED,
	MAILSLOT_FATE_SLOT_REFUSED,
	MAILSLOT_FATE_NO_ROOM,
	MAILSLOT_FATE_NO_MEMORY,
	MAILSLOT_FATES
};

/**
 * struct mailslot_stats - what has ever happened to a slot or an instance
 * @delivered: Messages put into a queue.
 * @dropped: Messages refused, by reason.
 */
struct mailslot_stats {
	u64 delivered;
	u64 dropped[MAILSLOT_DROPS];
};

/* Bytes of the largest message that any option allows. */
#define MAILSLOT_MESSAGE_MAX	(64UL * 1024 * 1024)

#define MAILSLOT_HASH_BITS	12

/**
 * struct mailslot_fs - one instance of the file system
 * @net: The network namespace that the instance belongs to. The super block
 *	holds the reference, so it is valid as long as the instance is.
 * @sb: The super block, which frees the instance when it is killed.
 * @confined: The namespace's owner is not the initial user namespace, so the
 *	limits per user are those of the initial instance where these are
 *	lower. Set before the instance is published, then constant.
 * @opt: Options in force, by enum mailslot_opt. Written under the super
 *	block's s_umount, read anywhere by READ_ONCE(): each stands for itself,
 *	so a reader that sees some of them old and some new does no harm.
 * @names: Held while a name vanishes and that is announced, and while one
 *	appears, so that a watcher hears of the end of a slot before it hears
 *	of the next one of the same name. Not the i_rwsem of the directory,
 *	because that is held while readdir writes to user memory: closing a
 *	slot would wait for whoever stalls that.
 * @lock: Protects @slots, @created, the times of the root directory, and
 *	writers of @table.
 * @slots: Slots that exist, against max_slots=.
 * @created: Slots that ever existed.
 * @stats: What ever happened to all slots, by CPU, so that a message touches
 *	no cache line that others write. Counted where the slot's own are, with
 *	interrupts off.
 * @config: The options of remote delivery that are no numbers. Replaced under
 *	s_umount, read under RCU.
 * @remote: Remote delivery while it is switched on, otherwise NULL. Written
 *	under @remote_lock by who holds s_umount as well.
 * @remote_lock: Held for reading while something is sent, so that the socket
 *	stays. Nests inside s_umount and outside everything else.
 * @remote_bytes: Charge of all remote messages in all slots, against
 *	max_remote_bytes=.
 * @remote_sent: Datagrams sent.
 * @remote_received: Datagrams received.
 * @fates: What became of these, by enum mslot_drop and enum mailslot_fate.
 * @rcu: Frees the instance after a grace period, because /proc/net/mailslot
 *	walks @table under RCU alone.
 * @table: The slots by the hash of their folded names. Readers hold
 *	rcu_read_lock(); what they find may be dead already, and they must look
 *	at its state under its lock before they rely on it.
 */
struct mailslot_fs {
	struct net *net;
	struct super_block *sb;
	bool confined;
	unsigned long opt[MAILSLOT_OPTS];
	struct mutex names; /* see above */
	spinlock_t lock; /* see above */
	u32 slots;
	u64 created;
	struct mailslot_stats __percpu *stats;
	struct mailslot_config __rcu *config;
	struct mailslot_remote *remote;
	struct rw_semaphore remote_lock;
	atomic_long_t remote_bytes;
	atomic64_t remote_sent;
	atomic64_t remote_received;
	atomic64_t fates[MAILSLOT_FATES];
	struct rcu_head rcu;
	struct hlist_head table[1 << MAILSLOT_HASH_BITS];
};

/**
 * struct mailslot_user - what one real user owns, over all namespaces
 * @node: In the table of users. Protected by the table's lock, which softirq
 *	takes as well.
 * @uid: The user; constant.
 * @refs: Inodes that point here. Protected by the table's lock, so that the
 *	last put and a new look-up cannot pass each other.
 * @slots: Slots that exist. Grows under the table's lock only, so that two who
 *	create cannot both take the last place; goes down without it.
 * @bytes: Charge of all messages in the user's slots, see
 *	mailslot_user_charge().
 * @starved: Somebody was told that @bytes is at its limit and may wait for
 *	room. Set before @bytes is looked at again, cleared after it was
 *	lowered, each with a full barrier between: one of the two sides sees
 *	the other, so no wake-up is lost.
 * @writers: Sleepers in poll(2) on a client of any of the user's slots. They
 *	hold the client's file open, and so the inode and this struct.
 */
struct mailslot_user {
	struct hlist_node node;
	kuid_t uid;
	u32 refs;
	atomic_t slots;
	atomic_long_t bytes;
	bool starved;
	wait_queue_head_t writers;
};

enum mailslot_state {
	/* Made, and known to nobody: the next open becomes the server end. */
	MAILSLOT_NEW,
	MAILSLOT_LIVE,
	/* The server end is closed; clients that are left get EPIPE. */
	MAILSLOT_DEAD,
};

/**
 * struct mailslot - a slot, embedded in its inode
 * @wait: Sleepers in poll(2) on the server end. Its lock is **the slot lock**,
 *	as eventfd does it, so that queueing a message and waking its pollers
 *	is one critical section and no wake-up can fall between the two. It is
 *	taken with interrupts off, as everything that wakes expects.
 * @head: First message of the queue. Slot lock. A message is in no queue while
 *	a reader copies it out; if that fails it comes back to the front.
 * @tail: Where the next message is linked. Slot lock.
 * @queued_bytes: Payload in the queue. Slot lock.
 * @count: Messages in the queue. Slot lock.
 * @state: Enum mailslot_state. Made LIVE by the open that creates the slot,
 *	before anybody else can find it; after that written under the slot
 *	lock. Read under it, or by READ_ONCE() where a stale answer only costs
 *	the effort.
 * @timeout_ms: Read timeout. Slot lock; a read takes its copy as it begins.
 * @flags: MAILSLOT_ACCEPT_*. Slot lock.
 * @max_size: Largest message, 0 for the mount's. Constant.
 * @refused: Size of the message that was last refused for want of room.
 *	poll(2) promises room for a message of this size. Slot lock.
 * @starved: Somebody was told that there is no room, and may wait for it.
 *	Slot lock.
 * @pooled: Bytes of small buffers charged to @memcg, wherever they are: in @pool, @ready
 *	or @left, in the queue, with a writer or a reader. Slot lock.
 * @spared: Whether there is a large one charged to @memcg. Slot lock.
 * @readers: Reads that wait, first come first. Slot lock. While a reader
 *	waits that would take it, no message is queued: it is handed over.
 * @pool: Buffers of small messages to use again, last in first out. Slot lock.
 * @ready: One from @pool for the next writer, who takes it by xchg() without
 *	the lock. Put there under the slot lock alone.
 * @left: One that a reader has done with, put there by cmpxchg() without the
 *	lock. Taken by xchg(), by a writer or under the slot lock.
 * @spare: The buffer of one large message to use again. Slot lock.
 * @stamp_jiffies: When the two stamps below were read. Slot lock.
 * @stamp_real: CLOCK_REALTIME_COARSE then, in nanoseconds. Slot lock.
 * @stamp_mono: CLOCK_MONOTONIC_COARSE then, in nanoseconds. Slot lock.
 * @mtime: Real time of the last message queued, in ns. Slot lock.
 * @atime: Real time of the last message read, in ns. Slot lock.
 * @stats: Slot lock.
 * @writers: Sleepers in poll(2) on the client ends. Apart from @wait, so that
 *	a message does not have to pass a thousand clients by.
 * @fs: The instance. The inode's super block keeps it.
 * @user: Whom the slot and its messages are charged to; NULL when it was made
 *	with CAP_SYS_RESOURCE. The reference goes with the inode's memory, after
 *	the grace period: mail from the network may find a slot under RCU, be
 *	charged, and be discharged when its inode has been evicted meanwhile.
 * @memcg: Memory cgroup of the creator, charged for the buffers that are used
 *	again and for mail from the network. Its reference goes like @user's.
 * @dentry: The name. The server's file holds it as long as @node is in the
 *	table; who gets here under RCU may read it until the grace period ends.
 * @hash: Hash of the folded name; constant once in the table.
 * @node: In mailslot_fs.table. Its lock, RCU for readers.
 * @vfs_inode: The inode; it is freed after an RCU grace period, and with it
 *	the slot.
 */
struct mailslot {
	wait_queue_head_t wait;
	struct mailslot_msg *head;
	struct mailslot_msg **tail;
	u64 queued_bytes;
	u32 count;
	u32 timeout_ms;
	u32 flags;
	u32 max_size;
	u32 refused;
	u16 pooled;
	u8 state;
	bool spared;
	bool starved;
	struct list_head readers;
	struct mailslot_msg *pool;
	struct mailslot_msg *ready;
	struct mailslot_msg *left;
	struct mailslot_msg *spare;
	unsigned long stamp_jiffies;
	u64 stamp_real;
	u64 stamp_mono;
	u64 mtime;
	u64 atime;
	struct mailslot_stats stats;
	wait_queue_head_t writers;
	struct mailslot_fs *fs;
	struct mailslot_user *user;
	struct mem_cgroup *memcg;
	struct dentry *dentry;
	u32 hash;
	struct hlist_node node;
	struct inode vfs_inode;
};

/**
 * struct mailslot_attr - what a slot is made with
 * @max_size: Largest message in bytes, 0 for the mount's.
 * @timeout_ms: Read timeout in ms.
 * @flags: MAILSLOT_ACCEPT_*.
 * @mode: Permission bits, 0 for the mount's slot_mode=.
 */
struct mailslot_attr {
	u32 max_size;
	u32 timeout_ms;
	u32 flags;
	umode_t mode;
};

static inline struct mailslot *MAILSLOT_I(struct inode *inode)
{
	return container_of(inode, struct mailslot, vfs_inode);
}

static inline unsigned long mailslot_opt(const struct mailslot_fs *fs,
					 enum mailslot_opt opt)
{
	return READ_ONCE(fs->opt[opt]);
}

/*
 * Tell those who wait for room. All of them: they are different files, and one
 * that EPOLLEXCLUSIVE woke alone need not use the room.
 */
static inline void mailslot_wake_writers(wait_queue_head_t *writers)
{
	__wake_up(writers, TASK_NORMAL, 0,
		  poll_to_key(EPOLLOUT | EPOLLWRNORM));
}

/* main.c APIs: */
extern dev_t mailslot_dev;

/* super.c APIs: */
int mailslot_super_init(void);
void mailslot_super_exit(void);

/* options.c APIs: */
unsigned long mailslot_lower_limit(const struct mailslot_fs *fs,
				   enum mailslot_opt opt);

/**
 * mailslot_user_limit - a limit per user, as it holds in an instance
 * @fs: The instance.
 * @opt: MAILSLOT_OPT_MAX_USER_BYTES or MAILSLOT_OPT_MAX_USER_SLOTS.
 *
 * Context: Any.
 * Return: the limit.
 */
static inline unsigned long mailslot_user_limit(const struct mailslot_fs *fs,
						enum mailslot_opt opt)
{
	return likely(!fs->confined) ? mailslot_opt(fs, opt) :
				       mailslot_lower_limit(fs, opt);
}

/* net.c APIs: */
int mailslot_net_init(void);
void mailslot_net_exit(void);
struct mailslot_fs *mailslot_net_fs(struct net *net);
void mailslot_net_publish(struct mailslot_fs *fs);
void mailslot_net_withdraw(struct mailslot_fs *fs);

/* dir.c APIs: */
extern const struct inode_operations mailslot_dir_inode_operations;
extern const struct file_operations mailslot_dir_operations;
extern const struct dentry_operations mailslot_dentry_operations;
int mailslot_create_fd(struct file *dir, const struct qstr *name,
		       u32 open_flags, const struct mailslot_attr *attr);

/* slot.c APIs: */
struct inode *mailslot_new(struct super_block *sb,
			   const struct mailslot_attr *attr);
void mailslot_publish(struct mailslot *slot, struct dentry *dentry);
void mailslot_retire(struct mailslot *slot);
void mailslot_init_once(struct mailslot *slot);
void mailslot_evict(struct mailslot *slot);
void mailslot_free(struct mailslot *slot);
void mailslot_limits_changed(struct mailslot_fs *fs);
struct mailslot *mailslot_find(struct mailslot_fs *fs, const char *name,
			       size_t len);
void mailslot_info(struct mailslot *slot, struct mailslot_ioctl_info *info);

/* user.c APIs: */
struct mailslot_user *mailslot_user_get(kuid_t uid, unsigned long max_slots);
void mailslot_user_drop_slot(struct mailslot_user *user);
void mailslot_user_put(struct mailslot_user *user);
bool mailslot_user_charge_again(struct mailslot_user *user, long charge,
				unsigned long limit);
void mailslot_user_feed(struct mailslot_user *user);
bool mailslot_user_room(struct mailslot_user *user, size_t size,
			unsigned long limit);

/* file.c APIs: */
extern const struct inode_operations mailslot_inode_operations;
extern const struct file_operations mailslot_client_operations;

/* ioctl.c APIs: */
long mailslot_server_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg);
long mailslot_client_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg);
long mailslot_dest_ioctl(size_t max_size, unsigned int cmd, unsigned long arg);
long mailslot_dir_ioctl(struct file *file, unsigned int cmd,
			unsigned long arg);

/* proc.c APIs: */
int mailslot_proc_init(struct net *net);
void mailslot_proc_exit(struct net *net);

#endif /* _MAILSLOT_H */
