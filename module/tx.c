// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mail to other machines. A remote name opens a node of its own that lives as
 * long as it is in use; each write is one datagram, or one an interface.
 */
#include <linux/cred.h>
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/sock.h>

#include "remote.h"
#include "trace.h"

#define BROADCASTS_MAX	64

/**
 * struct mailslot_dest - where a remote name points to
 * @fs: The instance.
 * @host: The machine or machines.
 * @slot_len: Bytes of the slot's name.
 * @slot: Name of the slot there.
 *
 * Constant; the inode's i_private, freed with it.
 */
struct mailslot_dest {
	struct mailslot_fs *fs;
	struct mslot_dest host;
	u16 slot_len;
	char slot[];
};

/* One address that a datagram goes to, and the one that it comes from. */
struct target {
	__be32 address;
	__be32 source;
	int ifindex;
};

/* The same message for several targets. */
struct outgoing {
	struct mailslot_remote *remote;
	struct mslot_datagram dg;
	u16 port;
	const void *data;
	u8 header[MSLOT_WIRE_HEADER_MAX];
};

static size_t max_message(const struct mailslot_dest *dest)
{
	if (dest->host.kind == MSLOT_DEST_UNICAST &&
	    mailslot_opt(dest->fs, MAILSLOT_OPT_LARGE))
		return mslot_wire_large_max(dest->slot_len);
	return mslot_wire_interop_max(dest->slot_len);
}

/*
 * Where the kernel would send it, and from which address. A broadcast address
 * is not for unicast mail, as it is not for a socket without SO_BROADCAST.
 */
static int route(struct mailslot_remote *remote, struct target *target)
{
	struct net *net = remote->fs->net;
	struct flowi4 flow = {
		.daddr = target->address,
		.flowi4_proto = IPPROTO_UDP,
	};
	struct rtable *rt;

	if (mailslot_loopback_only(remote->fs) &&
	    !ipv4_is_loopback(target->address))
		return -ENETUNREACH;
	rt = ip_route_output_key(net, &flow);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	target->source = flow.saddr;
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		ip_rt_put(rt);
		return -EACCES;
	}
	ip_rt_put(rt);
	return 0;
}

static ssize_t send_to(struct outgoing *out, const struct target *target)
{
	union {
		struct cmsghdr header;
		u8 space[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = {};
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(out->port),
		.sin_addr.s_addr = target->address,
	};
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct in_pktinfo *info = CMSG_DATA(&control.header);
	struct kvec parts[2];
	ssize_t size;

	control.header.cmsg_level = SOL_IP;
	control.header.cmsg_type = IP_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof(*info));
	info->ipi_ifindex = target->ifindex;
	info->ipi_spec_dst.s_addr = target->source;

	out->dg.address = target->source;
	size = mslot_wire_encode(out->header, sizeof(out->header), &out->dg);
	if (size < 0)
		return size;
	parts[0].iov_base = out->header;
	parts[0].iov_len = size;
	parts[1].iov_base = (void *)out->data;
	parts[1].iov_len = out->dg.data_len;
	size = kernel_sendmsg(out->remote->sock, &msg, parts, 2,
			      size + out->dg.data_len);
	if (size < 0)
		return size == -EAGAIN ? -ENOBUFS : size;
	atomic64_inc(&out->remote->fs->remote_sent);
	return 0;
}

static int send_unicast(struct outgoing *out, __be32 address)
{
	struct target target = { .address = address };
	int err = route(out->remote, &target);

	return err ?: send_to(out, &target);
}

/* The broadcast address of every interface that is up. */
static int find_broadcasts(struct mailslot_remote *remote,
			   struct target *targets)
{
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	struct net_device *dev;
	int n = 0;

	if (mailslot_loopback_only(remote->fs))
		return 0;
	rcu_read_lock();
	for_each_netdev_rcu(remote->fs->net, dev) {
		in_dev = __in_dev_get_rcu(dev);
		if (!in_dev || !(dev->flags & IFF_UP) ||
		    !(dev->flags & IFF_BROADCAST))
			continue;
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			if (n == BROADCASTS_MAX || !ifa->ifa_broadcast)
				break;
			targets[n].address = ifa->ifa_broadcast;
			targets[n].source = ifa->ifa_local;
			targets[n++].ifindex = dev->ifindex;
		}
	}
	rcu_read_unlock();
	return n;
}

/*
 * This host is one of those that a broadcast reaches, also when it has no
 * network: so the loopback interface gets a copy, and what comes back by the
 * other interfaces is a duplicate.
 */
static int send_broadcast(struct outgoing *out)
{
	struct target *targets;
	int i, n, err = 0, sent = 0;

	targets = kcalloc(BROADCASTS_MAX + 1, sizeof(*targets),
			  GFP_KERNEL_ACCOUNT);
	if (!targets)
		return -ENOMEM;
	n = find_broadcasts(out->remote, targets);
	targets[n].address = htonl(INADDR_LOOPBACK | 0x00ffffff);
	targets[n].source = htonl(INADDR_LOOPBACK);
	targets[n++].ifindex = LOOPBACK_IFINDEX;
	for (i = 0; i < n; i++) {
		int ret = send_to(out, &targets[i]);

		if (ret)
			err = ret;
		else
			sent++;
	}
	kfree(targets);
	return sent ? 0 : err;
}

/* Our own name, or localhost: the machine itself is meant. */
static bool is_self(const struct mailslot_config *config,
		    const struct mslot_dest *host)
{
	static const u8 localhost[] = "LOCALHOST      ";

	return host->kind == MSLOT_DEST_BROADCAST &&
	       (!memcmp(host->netbios, config->host, MSLOT_NETBIOS_SUFFIX) ||
		!memcmp(host->netbios, localhost, MSLOT_NETBIOS_SUFFIX));
}

/* Fill in the names and the type; true when it goes to ourselves. */
static bool address(struct outgoing *out, const struct mailslot_dest *dest)
{
	const struct mailslot_config *config;
	struct mslot_datagram *dg = &out->dg;
	bool self;

	rcu_read_lock();
	config = rcu_dereference(dest->fs->config);
	self = is_self(config, &dest->host);
	memcpy(dg->source, config->host, MSLOT_NETBIOS_LEN);
	memcpy(dg->dest, dest->host.netbios, MSLOT_NETBIOS_LEN);
	if (dest->host.kind == MSLOT_DEST_WORKGROUP)
		memcpy(dg->dest, config->workgroup, MSLOT_NETBIOS_SUFFIX);
	if (self)
		memcpy(dg->dest, config->host, MSLOT_NETBIOS_SUFFIX);
	rcu_read_unlock();
	dg->type = self || dest->host.kind == MSLOT_DEST_UNICAST ?
			MSLOT_WIRE_UNIQUE : MSLOT_WIRE_GROUP;
	return self;
}

static int transmit(struct outgoing *out, const struct mailslot_dest *dest)
{
	struct mailslot_remote *remote = dest->fs->remote;
	bool self;

	if (!remote)
		return -ENETDOWN;
	self = address(out, dest);
	out->remote = remote;
	out->port = dest->host.port ?: remote->port;
	out->dg.id = atomic_inc_return(&remote->next_id);
	out->dg.port = remote->port;
	out->dg.slot = dest->slot;
	out->dg.slot_len = dest->slot_len;
	out->dg.mail_class = 2;
	if (self)
		return send_unicast(out, htonl(INADDR_LOOPBACK));
	if (dest->host.kind == MSLOT_DEST_UNICAST)
		return send_unicast(out, dest->host.address);
	return send_broadcast(out);
}

static int deliver(const struct mailslot_dest *dest, const void *data,
		   size_t size)
{
	struct outgoing *out;
	int err;

	out = kzalloc(sizeof(*out), GFP_KERNEL_ACCOUNT);
	if (!out)
		return -ENOMEM;
	out->dg.data_len = size;
	out->data = data;
	down_read(&dest->fs->remote_lock);
	err = transmit(out, dest);
	up_read(&dest->fs->remote_lock);
	trace_mailslot_remote_send(dest->fs, &dest->host, size, err);
	kfree(out);
	return err;
}

static ssize_t dest_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	const struct mailslot_dest *dest = iocb->ki_filp->private_data;
	size_t size = iov_iter_count(from);
	void *data;
	int err;

	if (size > max_message(dest))
		return -EMSGSIZE;
	data = kvmalloc(max_t(size_t, size, 1), GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	err = -EFAULT;
	if (copy_from_iter_full(data, size, from))
		err = deliver(dest, data, size);
	kvfree(data);
	return err ?: size;
}

static __poll_t dest_poll(struct file *file, poll_table *wait)
{
	return EPOLLOUT | EPOLLWRNORM;
}

static int dest_open(struct inode *inode, struct file *file)
{
	if ((file->f_flags & O_ACCMODE) != O_WRONLY)
		return -EINVAL;
	file->private_data = inode->i_private;
	return stream_open(inode, file);
}

static long dest_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct mailslot_dest *dest = file->private_data;

	return mailslot_dest_ioctl(max_message(dest), cmd, arg);
}

static const struct file_operations dest_operations = {
	.owner = THIS_MODULE,
	.open = dest_open,
	.write_iter = dest_write_iter,
	.poll = dest_poll,
	.unlocked_ioctl = dest_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/**
 * mailslot_is_dest - is this the file of a remote name?
 * @file: A file of any kind.
 *
 * Context: Any.
 * Return: whether it is.
 */
bool mailslot_is_dest(const struct file *file)
{
	return file->f_op == &dest_operations;
}

/**
 * mailslot_dest_send - write a message of ours to a remote name
 * @file: A file that is one of a remote name.
 * @data: The message.
 * @size: Its bytes.
 *
 * Context: Process context, may sleep.
 * Return: 0, or an error of write(2) on such a file.
 */
int mailslot_dest_send(const struct file *file, const void *data, size_t size)
{
	const struct mailslot_dest *dest = file->private_data;

	return size > max_message(dest) ? -EMSGSIZE :
					  deliver(dest, data, size);
}

/**
 * mailslot_dest_new - make the node of a remote name
 * @sb: The file system.
 * @name: The name, parsed.
 *
 * Everybody may write to it, as everybody may send UDP; nothing is sent, and
 * whether the other machine exists is not found out, until somebody does.
 *
 * Context: Process context, may sleep.
 * Return: the inode, or an ERR_PTR of -ENOMEM.
 */
struct inode *mailslot_dest_new(struct super_block *sb,
				const struct mslot_name *name)
{
	struct mailslot_dest *dest;
	struct inode *inode;

	dest = kmalloc(struct_size(dest, slot, name->slot_len),
		       GFP_KERNEL_ACCOUNT);
	if (!dest)
		return ERR_PTR(-ENOMEM);
	inode = new_inode(sb);
	if (!inode) {
		kfree(dest);
		return ERR_PTR(-ENOMEM);
	}
	dest->fs = mailslot_net_fs(sb->s_fs_info);
	dest->host = name->dest;
	dest->slot_len = name->slot_len;
	memcpy(dest->slot, name->slot, name->slot_len);
	inode->i_private = dest;
	inode->i_ino = get_next_ino();
	inode->i_uid = d_inode(sb->s_root)->i_uid;
	inode->i_gid = d_inode(sb->s_root)->i_gid;
	simple_inode_init_ts(inode);
	init_special_inode(inode, S_IFCHR | 0222,
			   MKDEV(MAJOR(mailslot_dev), MAILSLOT_MINOR_REMOTE));
	inode->i_fop = &dest_operations;
	return inode;
}

/**
 * mailslot_dest_evict - free what the node of a remote name holds
 * @inode: The node; nobody else has it any more.
 *
 * Context: Any.
 */
void mailslot_dest_evict(struct inode *inode)
{
	kfree(inode->i_private);
}
