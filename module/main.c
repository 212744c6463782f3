// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading.
 */
#include <linux/module.h>

#include "msg.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/*
 * Numbers for the nodes, so that device cgroups have a name for them. There is
 * no driver behind them: a copy made by mknod(2) elsewhere opens with ENXIO.
 */
dev_t mailslot_dev;

static int __init mailslot_init(void)
{
	int err;

	err = alloc_chrdev_region(&mailslot_dev, 0, MAILSLOT_MINORS,
				  "mailslot");
	if (err)
		return err;
	err = mailslot_pool_init();
	if (err)
		goto err_unregister_chrdev;
	err = mailslot_net_init();
	if (err)
		goto err_exit_pool;
	err = mailslot_super_init();
	if (err)
		goto err_exit_net;
	return 0;

err_exit_net:
	mailslot_net_exit();
err_exit_pool:
	mailslot_pool_exit();
err_unregister_chrdev:
	unregister_chrdev_region(mailslot_dev, MAILSLOT_MINORS);
	return err;
}

static void __exit mailslot_exit(void)
{
	mailslot_super_exit();
	mailslot_net_exit();
	mailslot_pool_exit();
	unregister_chrdev_region(mailslot_dev, MAILSLOT_MINORS);
}

module_init(mailslot_init);
module_exit(mailslot_exit);

MODULE_DESCRIPTION("Mailslots: named one-way mailboxes, local and remote");
MODULE_AUTHOR("The mailslot developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
