/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Charging messages to the owner of their slot: what every message passes
 * through, in line.
 */
#ifndef _MAILSLOT_USER_H
#define _MAILSLOT_USER_H

#include <linux/atomic.h>
#include <linux/minmax.h>

#include "mailslot.h"

/*
 * What a message counts for in quotas of bytes that are shared between slots:
 * many empty ones are not free either.
 */
static inline long mailslot_charge(size_t size)
{
	return max_t(size_t, size, 64);
}

/* Never overdrawn, not for a moment: that would refuse others for nothing. */
static inline bool mailslot_try_charge(atomic_long_t *bytes, long charge,
				       unsigned long limit)
{
	long old = atomic_long_read(bytes);

	do {
		if (unlikely(old + charge > limit))
			return false;
	} while (!atomic_long_try_cmpxchg(bytes, &old, old + charge));
	return true;
}

/**
 * mailslot_user_charge - charge a message to the owner of its slot
 * @user: The owner, or NULL if there is no limit.
 * @size: Bytes of the message; see mailslot_charge().
 * @limit: What the owner may have in all slots together.
 *
 * Context: Any but hard interrupts.
 * Return: whether there was room. If not, whoever polls
 * &mailslot_user.writers is woken when there is more.
 */
static inline bool mailslot_user_charge(struct mailslot_user *user, size_t size,
					unsigned long limit)
{
	long charge = mailslot_charge(size);

	if (!user || likely(mailslot_try_charge(&user->bytes, charge, limit)))
		return true;
	return mailslot_user_charge_again(user, charge, limit);
}

/**
 * mailslot_user_uncharge - a message that was charged is gone
 * @user: As given to mailslot_user_charge().
 * @size: As given to mailslot_user_charge().
 *
 * Context: Any but hard interrupts.
 */
static inline void mailslot_user_uncharge(struct mailslot_user *user,
					  size_t size)
{
	if (!user)
		return;
	/* The value returned makes this a full barrier before the look. */
	atomic_long_sub_return(mailslot_charge(size), &user->bytes);
	if (unlikely(READ_ONCE(user->starved)))
		mailslot_user_feed(user);
}

#endif /* _MAILSLOT_USER_H */
