/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ioctls are made of.
 */
#ifndef _MAILSLOT_IOCTL_H
#define _MAILSLOT_IOCTL_H

#include <linux/fs.h>
#include <linux/uaccess.h>

/**
 * mailslot_copy_in - fetch a struct that may grow
 * @to: Where it goes.
 * @ksize: Its size in our eyes.
 * @from: User address.
 * @usize: Its size in the caller's eyes.
 * @min_size: Its size in the first version of the interface.
 *
 * Context: Process context, may sleep.
 * Return: 0, -EINVAL when it is too short, -E2BIG when the caller wants
 * something that we do not know, -EFAULT.
 */
static inline int mailslot_copy_in(void *to, size_t ksize,
				   const void __user *from, size_t usize,
				   size_t min_size)
{
	if (usize < min_size)
		return -EINVAL;
	return copy_struct_from_user(to, ksize, from, usize);
}

/* recv.c APIs: */
long mailslot_recv(struct file *file, void __user *arg, size_t usize);
long mailslot_recv_many(struct file *file, void __user *arg, size_t usize);

/* send.c APIs: */
long mailslot_send_many(void __user *arg, size_t usize);

#endif /* _MAILSLOT_IOCTL_H */
