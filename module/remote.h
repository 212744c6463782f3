/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Remote delivery: one UDP socket an instance, and who we are on the network.
 */
#ifndef _MAILSLOT_REMOTE_H
#define _MAILSLOT_REMOTE_H

#include <linux/siphash.h>

#include "mailslot.h"

struct sk_buff;
struct sock;
struct socket;

/* Values of remote= */
enum mailslot_remote_mode {
	MAILSLOT_REMOTE_OFF,
	MAILSLOT_REMOTE_LOOPBACK,
	MAILSLOT_REMOTE_ON,
};

#define MAILSLOT_ALLOW_MAX	16
#define MAILSLOT_SUFFIX_MAX	16

/**
 * struct mailslot_config - the options of remote delivery that are not numbers
 * @host: Our NetBIOS name, upper-cased and padded with spaces, suffix 0.
 * @workgroup: The workgroup's, likewise.
 * @suffixes: Number of entries in @suffix.
 * @suffix: Further suffixes of either name that we answer to.
 * @allows: Number of entries in @allow; 0 allows every address.
 * @allow: Sources that mail is accepted from.
 * @rcu: Frees it when another has taken its place.
 *
 * Never changed once it is in &mailslot_fs.config, only replaced as a whole.
 */
struct mailslot_config {
	u8 host[MSLOT_NETBIOS_LEN];
	u8 workgroup[MSLOT_NETBIOS_LEN];
	u8 suffixes;
	u8 suffix[MAILSLOT_SUFFIX_MAX];
	u8 allows;
	struct {
		__be32 address;
		u8 len;
	} allow[MAILSLOT_ALLOW_MAX];
	struct rcu_head rcu;
};

#define MAILSLOT_BUCKETS	1024

/* Only the loopback interface, in both directions? */
static inline bool mailslot_loopback_only(const struct mailslot_fs *fs)
{
	return mailslot_opt(fs, MAILSLOT_OPT_REMOTE) ==
	       MAILSLOT_REMOTE_LOOPBACK;
}

/**
 * struct mailslot_remote - remote delivery while it is switched on
 * @fs: The instance.
 * @sock: The socket. Its sk_user_data points back here under RCU.
 * @port: UDP port in the host's byte order; constant.
 * @key: Seeds the hashes of both tables, so that nobody can aim at a bucket.
 * @next_id: Number of the next datagram we send.
 * @rate_all: Datagrams in the current second, as in @rate.
 * @rate: Datagrams by source: the second in the upper half, how many in the
 *	lower. Sources whose hashes agree share an allowance, so the table
 *	needs no eviction that a flood of forged addresses could abuse.
 * @recent: Broadcasts seen lately: 48 bits of a keyed hash, and 16 bits of the
 *	time in quarters of a second. Overwritten in place; a flood can only
 *	make us forget, not grow.
 *
 * Allocated by mailslot_remote_prepare(). Receivers find it under RCU, senders
 * hold mailslot_fs.remote_lock for reading; it is freed after both are gone.
 */
struct mailslot_remote {
	struct mailslot_fs *fs;
	struct socket *sock;
	u16 port;
	siphash_key_t key;
	atomic_t next_id;
	atomic64_t rate_all;
	atomic64_t rate[MAILSLOT_BUCKETS];
	atomic64_t recent[MAILSLOT_BUCKETS];
};

/* remote.c APIs: */
struct mailslot_remote *mailslot_remote_prepare(struct mailslot_fs *fs,
						unsigned long mode,
						unsigned long port);
void mailslot_remote_commit(struct mailslot_fs *fs,
			    struct mailslot_remote *remote);
void mailslot_remote_stop(struct mailslot_fs *fs);
void mailslot_remote_show(struct seq_file *m, struct mailslot_fs *fs);

/* config.c APIs: */
int mailslot_config_init(struct mailslot_config *config);
int mailslot_config_allow(struct mailslot_config *config, const char *text);
int mailslot_config_names(struct mailslot_config *config, const char *text);
int mailslot_config_name(u8 *name, const char *text);
void mailslot_config_show(struct seq_file *m,
			  const struct mailslot_config *config);
bool mailslot_config_allows(const struct mailslot_config *config,
			    __be32 address);
bool mailslot_config_ours(const struct mailslot_config *config,
			  const u8 *name);

/* rx.c APIs: */
int mailslot_rcv(struct sock *sk, struct sk_buff *skb);
const char *mailslot_fate_name(unsigned int fate);

/* tx.c APIs: */
struct inode *mailslot_dest_new(struct super_block *sb,
				const struct mslot_name *name);
bool mailslot_is_dest(const struct file *file);
int mailslot_dest_send(const struct file *file, const void *data, size_t size);
void mailslot_dest_evict(struct inode *inode);

#endif /* _MAILSLOT_REMOTE_H */
