// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mail from the network. A datagram is parsed where it lies, passes the gates
 * one after the other, and is copied once, into the message that a reader will
 * get. It changes no other state, nothing is logged and nothing is answered:
 * whoever sends it cannot learn whether it was delivered.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/sock.h>

#include "msg.h"
#include "remote.h"
#include "trace.h"

/* How long the same broadcast is taken for a copy, in quarters of a second. */
#define RECENT_WINDOW	8

static const char * const fate_names[] = {
	[MAILSLOT_FATE_DELIVERED] = "delivered",
	[MAILSLOT_FATE_NOT_LOOPBACK] = "dropped_not_loopback",
	[MAILSLOT_FATE_NOT_ALLOWED] = "dropped_not_allowed",
	[MAILSLOT_FATE_RATE] = "dropped_rate",
	[MAILSLOT_FATE_NOT_OUR_NAME] = "dropped_not_our_name",
	[MAILSLOT_FATE_TOO_LONG] = "dropped_too_long",
	[MAILSLOT_FATE_DUPLICATE] = "dropped_duplicate",
	[MAILSLOT_FATE_NO_SLOT] = "dropped_no_slot",
	[MAILSLOT_FATE_NOT_ACCEPTED] = "dropped_not_accepted",
	[MAILSLOT_FATE_SLOT_REFUSED] = "dropped_slot_refused",
	[MAILSLOT_FATE_NO_ROOM] = "dropped_no_room",
	[MAILSLOT_FATE_NO_MEMORY] = "dropped_no_memory",
};

/**
 * mailslot_fate_name - what the counter of a datagram's fate is called
 * @fate: Enum mslot_drop or enum mailslot_fate.
 *
 * Context: Any.
 * Return: one word.
 */
const char *mailslot_fate_name(unsigned int fate)
{
	return fate_names[fate] ?: mslot_drop_name(fate);
}

/* Count one more in this second, if that is not too many. */
static bool within_rate(atomic64_t *bucket, u32 second, unsigned long rate)
{
	s64 old = atomic64_read(bucket);
	u32 count;

	if (!rate)
		return true;
	do {
		count = upper_32_bits(old) == second ? lower_32_bits(old) : 0;
		if (count >= rate)
			return false;
	} while (!atomic64_try_cmpxchg(bucket, &old,
				       (s64)((u64)second << 32 | (count + 1))));
	return true;
}

static bool rate_ok(struct mailslot_remote *remote, __be32 source)
{
	u32 second = jiffies_to_msecs(jiffies) / MSEC_PER_SEC;
	u64 hash = siphash_1u32((__force u32)source, &remote->key);

	return within_rate(&remote->rate[hash % MAILSLOT_BUCKETS], second,
			   mailslot_opt(remote->fs, MAILSLOT_OPT_RATE)) &&
	       within_rate(&remote->rate_all, second,
			   mailslot_opt(remote->fs, MAILSLOT_OPT_RATE_ALL));
}

/*
 * The copies of a broadcast that came by several interfaces differ in what the
 * sender says of its address, and in nothing behind the datagram header.
 */
static bool seen_lately(struct mailslot_remote *remote, const u8 *payload,
			size_t len)
{
	u16 now = jiffies_to_msecs(jiffies) / 250;
	u64 hash = siphash(payload + 14, len - 14, &remote->key);
	u64 entry, old;

	hash = siphash_2u64(hash, payload[2] << 8 | payload[3], &remote->key);
	entry = (hash & ~0xffffULL) | now;
	old = atomic64_xchg(&remote->recent[hash % MAILSLOT_BUCKETS], entry);
	return !((old ^ entry) & ~0xffffULL) &&
	       (u16)(now - (u16)old) <= RECENT_WINDOW;
}

static bool is_broadcast(const struct sk_buff *skb,
			 const struct mslot_datagram *dg)
{
	return dg->type != MSLOT_WIRE_UNIQUE || skb->pkt_type != PACKET_HOST;
}

static void describe(struct mailslot_msg *msg, const struct sk_buff *skb,
		     const struct mslot_datagram *dg)
{
	struct mailslot_origin *origin = mailslot_msg_start(msg);

	origin->address = ip_hdr(skb)->saddr;
	origin->port = udp_hdr(skb)->source;
	origin->mail_class = dg->mail_class;
	origin->priority = dg->priority;
	origin->flags = MAILSLOT_MSG_REMOTE;
	if (is_broadcast(skb, dg))
		origin->flags |= MAILSLOT_MSG_BROADCAST;
	memcpy(origin->name, dg->source, sizeof(origin->name));
}

static enum mailslot_fate fate_of(int err)
{
	switch (err) {
	case 0:
		return MAILSLOT_FATE_DELIVERED;
	case -EPIPE:
		return MAILSLOT_FATE_NO_SLOT;
	case -ENOMEM:
		return MAILSLOT_FATE_NO_MEMORY;
	case -EDQUOT:
		return MAILSLOT_FATE_NO_ROOM;
	default:
		return MAILSLOT_FATE_SLOT_REFUSED;
	}
}

static enum mailslot_fate deliver(struct mailslot *slot,
				  const struct sk_buff *skb,
				  const struct mslot_datagram *dg)
{
	struct mailslot_msg *msg;
	int err;

	msg = mailslot_msg_alloc_remote(slot, dg->data_len);
	if (IS_ERR(msg))
		return fate_of(PTR_ERR(msg));
	describe(msg, skb, dg);
	err = skb_copy_bits(skb, sizeof(struct udphdr) + dg->data_offset,
			    mailslot_msg_data(msg), dg->data_len);
	if (!err)
		err = mailslot_enqueue(slot, msg);
	if (err)
		mailslot_msg_free(slot, msg);
	return fate_of(err);
}

static enum mailslot_fate find_and_deliver(struct mailslot_fs *fs,
					   const struct sk_buff *skb,
					   const struct mslot_datagram *dg)
{
	u32 wanted = is_broadcast(skb, dg) ? MAILSLOT_ACCEPT_BROADCAST :
					     MAILSLOT_ACCEPT_REMOTE;
	struct mailslot *slot = mailslot_find(fs, dg->slot, dg->slot_len);

	if (!slot)
		return MAILSLOT_FATE_NO_SLOT;
	if (!(READ_ONCE(slot->flags) & wanted))
		return MAILSLOT_FATE_NOT_ACCEPTED;
	return deliver(slot, skb, dg);
}

/* What only the sender's address decides, before anything is parsed. */
static enum mailslot_fate gate(struct mailslot_remote *remote,
			       const struct mailslot_config *config,
			       const struct sk_buff *skb)
{
	__be32 source = ip_hdr(skb)->saddr;

	if (mailslot_loopback_only(remote->fs) &&
	    !ipv4_is_loopback(ip_hdr(skb)->daddr))
		return MAILSLOT_FATE_NOT_LOOPBACK;
	if (!mailslot_config_allows(config, source))
		return MAILSLOT_FATE_NOT_ALLOWED;
	if (!rate_ok(remote, source))
		return MAILSLOT_FATE_RATE;
	return MAILSLOT_FATE_DELIVERED;
}

static enum mailslot_fate receive(struct mailslot_remote *remote,
				  struct sk_buff *skb)
{
	const struct mailslot_config *config;
	struct mailslot_fs *fs = remote->fs;
	size_t len = skb->len - sizeof(struct udphdr);
	size_t prefix = min_t(size_t, len, MSLOT_WIRE_PREFIX);
	struct mslot_datagram dg;
	enum mailslot_fate fate;
	const u8 *payload;
	int reason;

	config = rcu_dereference(fs->config);
	fate = gate(remote, config, skb);
	if (fate)
		return fate;
	/* The skb may be a clone: this makes a header of our own if needed. */
	if (!pskb_may_pull(skb, sizeof(struct udphdr) + prefix))
		return MAILSLOT_FATE_NO_MEMORY;
	payload = skb->data + sizeof(struct udphdr);
	reason = mslot_wire_parse(payload, prefix, len, &dg);
	if (reason)
		return -reason;
	if (!mailslot_config_ours(config, dg.dest))
		return MAILSLOT_FATE_NOT_OUR_NAME;
	if (dg.data_len > mslot_wire_interop_max(dg.slot_len) &&
	    !mailslot_opt(fs, MAILSLOT_OPT_LARGE))
		return MAILSLOT_FATE_TOO_LONG;
	if (is_broadcast(skb, &dg) && seen_lately(remote, payload, prefix))
		return MAILSLOT_FATE_DUPLICATE;
	return find_and_deliver(fs, skb, &dg);
}

/**
 * mailslot_rcv - a datagram has arrived
 * @sk: Our socket.
 * @skb: The datagram, its UDP header first, checksum verified.
 *
 * Context: Softirq, under rcu_read_lock(). Takes slot locks.
 * Return: 0: the datagram is consumed.
 */
int mailslot_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct mailslot_remote *remote = rcu_dereference_sk_user_data(sk);
	enum mailslot_fate fate;

	if (remote) {
		fate = receive(remote, skb);
		atomic64_inc(&remote->fs->remote_received);
		atomic64_inc(&remote->fs->fates[fate]);
		trace_mailslot_remote_receive(remote->fs, skb, fate);
	}
	consume_skb(skb);
	return 0;
}
