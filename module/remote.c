// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remote delivery is switched on and off here, together with its socket.
 */
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/udp.h>
#include <net/udp_tunnel.h>

#include "remote.h"

/*
 * The wildcard address with SO_REUSEADDR: a Samba nmbd on the same host gets
 * its own copy of every broadcast, and all unicast mail. A specific address or
 * SO_REUSEPORT would take packets from it.
 */
static int bind_socket(struct socket *sock, u16 port)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_ANY),
	};

	sock_set_reuseaddr(sock->sk);
	return kernel_bind(sock, (struct sockaddr_unsized *)&any, sizeof(any));
}

/*
 * Datagrams are taken in softirq, before they would be queued to the socket:
 * no wake-up, no second queue to overflow. That is what tunnels do; the
 * helpers of udp_tunnel.ko would make plain insmod fail where it is not
 * loaded. What arrives before the socket has its user data is dropped.
 */
static void receive_here(struct sock *sk)
{
	sock_set_flag(sk, SOCK_BROADCAST);
	WRITE_ONCE(udp_sk(sk)->encap_rcv, mailslot_rcv);
	WRITE_ONCE(udp_sk(sk)->encap_type, 1);
	udp_tunnel_encap_enable(sk);
}

static struct mailslot_remote *start(struct mailslot_fs *fs, u16 port)
{
	struct mailslot_remote *remote;
	int err;

	remote = kvzalloc(sizeof(*remote), GFP_KERNEL_ACCOUNT);
	if (!remote)
		return ERR_PTR(-ENOMEM);
	remote->fs = fs;
	remote->port = port;
	get_random_bytes(&remote->key, sizeof(remote->key));
	atomic_set(&remote->next_id, get_random_u32());
	err = sock_create_kern(fs->net, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
			       &remote->sock);
	if (err)
		goto err_free;
	err = bind_socket(remote->sock, port);
	if (err)
		goto err_release;
	receive_here(remote->sock->sk);
	return remote;

err_release:
	sock_release(remote->sock);
err_free:
	kvfree(remote);
	return ERR_PTR(err);
}

/* The caller made sure that nobody sends; wait for those who receive. */
static void stop(struct mailslot_remote *remote)
{
	rcu_assign_sk_user_data(remote->sock->sk, NULL);
	sock_release(remote->sock);
	synchronize_net();
	kvfree(remote);
}

/**
 * mailslot_remote_prepare - do what can fail in switching remote delivery
 * @fs: The instance.
 * @mode: Enum mailslot_remote_mode.
 * @port: UDP port in the host's byte order.
 *
 * Context: Process context, may sleep. The super block's s_umount is held for
 * writing.
 * Return: what is to be in force, for mailslot_remote_commit(); NULL for
 * nothing. Or an ERR_PTR: -EADDRINUSE when somebody has the port without
 * SO_REUSEADDR, or another error of the socket.
 */
struct mailslot_remote *mailslot_remote_prepare(struct mailslot_fs *fs,
						unsigned long mode,
						unsigned long port)
{
	if (mode == MAILSLOT_REMOTE_OFF)
		return NULL;
	if (fs->remote && fs->remote->port == port)
		return fs->remote;
	return start(fs, port);
}

/**
 * mailslot_remote_commit - switch remote delivery
 * @fs: The instance, its options set.
 * @remote: From mailslot_remote_prepare().
 *
 * Context: Process context, may sleep. The super block's s_umount is held for
 * writing. Takes mailslot_fs.remote_lock for writing.
 */
void mailslot_remote_commit(struct mailslot_fs *fs,
			    struct mailslot_remote *remote)
{
	struct mailslot_remote *old = fs->remote;

	if (remote == old)
		return;
	down_write(&fs->remote_lock);
	fs->remote = remote;
	up_write(&fs->remote_lock);
	if (old)
		stop(old);
	if (remote)
		rcu_assign_sk_user_data(remote->sock->sk, remote);
}

/**
 * mailslot_remote_stop - the instance goes away
 * @fs: The instance; nobody has a file of it open.
 *
 * Context: Process context, may sleep.
 */
void mailslot_remote_stop(struct mailslot_fs *fs)
{
	if (fs->remote)
		stop(fs->remote);
	fs->remote = NULL;
}

/**
 * mailslot_remote_show - write the counters for /proc/net/mailslot
 * @m: Where to.
 * @fs: The instance.
 *
 * Every datagram that was received is counted once more, by what became of it.
 *
 * Context: Any.
 */
void mailslot_remote_show(struct seq_file *m, struct mailslot_fs *fs)
{
	int i;

	seq_printf(m, "counter remote_sent %lld\n",
		   atomic64_read(&fs->remote_sent));
	seq_printf(m, "counter remote_received %lld\n",
		   atomic64_read(&fs->remote_received));
	seq_printf(m, "counter remote_bytes %ld\n",
		   atomic_long_read(&fs->remote_bytes));
	for (i = 0; i < MAILSLOT_FATES; i++)
		seq_printf(m, "counter remote_%s %lld\n",
			   mailslot_fate_name(i),
			   atomic64_read(&fs->fates[i]));
}
