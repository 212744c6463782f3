// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which instance belongs to a network namespace.
 */
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "mailslot.h"

/**
 * struct mailslot_net - the module's part of a network namespace
 * @fs: The instance, or NULL while none is mounted. Written by its super
 *	block, of which there is one at a time; others read it under RCU, after
 *	whose grace period a withdrawn instance is freed.
 */
struct mailslot_net {
	struct mailslot_fs *fs;
};

static unsigned int net_id;

/**
 * mailslot_net_fs - the instance of a network namespace
 * @net: The namespace.
 *
 * Context: With a reference to the super block, or under rcu_read_lock().
 * Return: the instance, or NULL when none is mounted.
 */
struct mailslot_fs *mailslot_net_fs(struct net *net)
{
	struct mailslot_net *mn = net_generic(net, net_id);

	/* Pairs with the release in mailslot_net_publish(). */
	return smp_load_acquire(&mn->fs);
}

/**
 * mailslot_net_publish - a new instance is there
 * @fs: The instance, initialised.
 *
 * Context: Process context, its super block being filled.
 */
void mailslot_net_publish(struct mailslot_fs *fs)
{
	struct mailslot_net *mn = net_generic(fs->net, net_id);

	/* Who finds the instance finds it initialised. */
	smp_store_release(&mn->fs, fs);
}

/**
 * mailslot_net_withdraw - an instance is going away
 * @fs: The instance; it may be freed after a grace period.
 *
 * Context: Process context, its super block being killed.
 */
void mailslot_net_withdraw(struct mailslot_fs *fs)
{
	struct mailslot_net *mn = net_generic(fs->net, net_id);

	WRITE_ONCE(mn->fs, NULL);
}

static struct pernet_operations net_operations = {
	.init = mailslot_proc_init,
	.exit = mailslot_proc_exit,
	.id = &net_id,
	.size = sizeof(struct mailslot_net),
};

/**
 * mailslot_net_init - follow the network namespaces as they come and go
 *
 * Context: Process context, at load.
 * Return: 0 or an error.
 */
int mailslot_net_init(void)
{
	return register_pernet_subsys(&net_operations);
}

/**
 * mailslot_net_exit - follow them no more
 *
 * Context: Process context, at unload.
 */
void mailslot_net_exit(void)
{
	unregister_pernet_subsys(&net_operations);
}
