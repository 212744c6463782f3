// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who we are on the network, and whom we listen to: the options of the mount
 * that are lists and names.
 */
#include <linux/ctype.h>
#include <linux/inet.h>
#include <linux/inetdevice.h>
#include <linux/seq_file.h>
#include <linux/utsname.h>

#include "remote.h"

/**
 * mailslot_config_name - read the value of netbios= or workgroup=
 * @name: Where it goes, upper-cased and padded, with suffix 0.
 * @text: 1 to 15 characters that a NetBIOS name may have.
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int mailslot_config_name(u8 *name, const char *text)
{
	return mslot_netbios_parse(text, strlen(text), name);
}

/* The first label of the host's name, as far as it is a NetBIOS name. */
static int name_of_machine(u8 *name)
{
	char text[MSLOT_NETBIOS_LEN];
	char *end;

	/* Its lock is not for modules; whatever we read is checked below. */
	strscpy(text, utsname()->nodename, sizeof(text));
	end = strchrnul(text, '.');
	*end = '\0';
	if (!mailslot_config_name(name, text))
		return 0;
	return mailslot_config_name(name, "LOCALHOST");
}

/**
 * mailslot_config_init - what holds when nothing is said
 * @config: Filled in: the machine's own name, WORKGROUP, every source.
 *
 * Context: Process context.
 * Return: 0 or -EINVAL.
 */
int mailslot_config_init(struct mailslot_config *config)
{
	memset(config, 0, sizeof(*config));
	return name_of_machine(config->host) ?:
	       mailslot_config_name(config->workgroup, "WORKGROUP");
}

/* 0 to 32. Returns what follows, or NULL. */
static const char *parse_len(const char *text, u8 *len)
{
	const char *begin = text;

	for (*len = 0; isdigit(*text) && *len <= 32; text++)
		*len = *len * 10 + *text - '0';
	return text == begin || *len > 32 ? NULL : text;
}

/**
 * mailslot_config_allow - read the value of allow=
 * @config: Its list is replaced.
 * @text: ADDRESS/LENGTH, several of them with colons between; without a
 *	length one address is meant; an empty text allows all.
 *
 * Context: Any.
 * Return: 0, or -EINVAL for what is no address, has bits set behind its
 * length, or is too much.
 */
int mailslot_config_allow(struct mailslot_config *config, const char *text)
{
	const char *end;
	__be32 address;
	u8 n, len;

	for (n = 0; *text; n++) {
		if (n == MAILSLOT_ALLOW_MAX ||
		    !in4_pton(text, -1, (u8 *)&address, -1, &end))
			return -EINVAL;
		len = 32;
		if (*end == '/')
			end = parse_len(end + 1, &len);
		if (!end || address & ~inet_make_mask(len))
			return -EINVAL;
		if (*end && (*end != ':' || !end[1]))
			return -EINVAL;
		config->allow[n].address = address;
		config->allow[n].len = len;
		text = *end ? end + 1 : end;
	}
	config->allows = n;
	return 0;
}

/**
 * mailslot_config_names - read the value of names=
 * @config: Its list is replaced.
 * @text: Suffixes of two hexadecimal digits with colons between, or empty.
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int mailslot_config_names(struct mailslot_config *config, const char *text)
{
	u8 n;

	for (n = 0; *text; n++) {
		if (n == MAILSLOT_SUFFIX_MAX ||
		    hex2bin(&config->suffix[n], text, 1) ||
		    (text[2] && (text[2] != ':' || !text[3])))
			return -EINVAL;
		text += text[2] ? 3 : 2;
	}
	config->suffixes = n;
	return 0;
}

/* A name may have spaces, and even commas where fsconfig(2) set it. */
static void show_name(struct seq_file *m, const char *option, const u8 *name)
{
	char text[MSLOT_NETBIOS_LEN] = "";
	int len = MSLOT_NETBIOS_SUFFIX;

	while (len && name[len - 1] == ' ')
		len--;
	memcpy(text, name, len);
	seq_show_option(m, option, text);
}

/**
 * mailslot_config_show - write the options for /proc/mounts
 * @m: Where to.
 * @config: What to write.
 *
 * Context: Any.
 */
void mailslot_config_show(struct seq_file *m,
			  const struct mailslot_config *config)
{
	int i;

	show_name(m, "netbios", config->host);
	show_name(m, "workgroup", config->workgroup);
	for (i = 0; i < config->suffixes; i++)
		seq_printf(m, "%s%02x", i ? ":" : ",names=",
			   config->suffix[i]);
	for (i = 0; i < config->allows; i++)
		seq_printf(m, "%s%pI4/%u", i ? ":" : ",allow=",
			   &config->allow[i].address, config->allow[i].len);
}

/**
 * mailslot_config_allows - does a source pass allow=?
 * @config: The options.
 * @address: IPv4 address of the packet's sender.
 *
 * Context: Any.
 * Return: whether it does.
 */
bool mailslot_config_allows(const struct mailslot_config *config,
			    __be32 address)
{
	int i;

	for (i = 0; i < config->allows; i++)
		if (!((address ^ config->allow[i].address) &
		      inet_make_mask(config->allow[i].len)))
			return true;
	return !config->allows;
}

/* NetBIOS names are compared without case, as Samba does. */
static bool same_name(const u8 *name, const u8 *ours)
{
	int i;

	for (i = 0; i < MSLOT_NETBIOS_SUFFIX; i++)
		if (toupper(name[i]) != ours[i])
			return false;
	return true;
}

static bool is_wildcard(const u8 *name)
{
	return name[0] == '*' && !memchr_inv(name + 1, 0,
					     MSLOT_NETBIOS_LEN - 1);
}

/**
 * mailslot_config_ours - is a datagram for us?
 * @config: The options.
 * @name: NetBIOS name that it was sent to, suffix last.
 *
 * We answer to our name as workstation, server and messenger, to the
 * workgroup as its member ([MS-MAIL] 3.2.3, [MS-MSRP]), to the wildcard, and
 * to either name with the suffixes of names=.
 *
 * Context: Any.
 * Return: whether it is.
 */
bool mailslot_config_ours(const struct mailslot_config *config,
			  const u8 *name)
{
	u8 suffix = name[MSLOT_NETBIOS_SUFFIX];
	bool host = same_name(name, config->host);
	bool group = same_name(name, config->workgroup);

	if (is_wildcard(name))
		return true;
	if (host && (suffix == 0x00 || suffix == 0x20 || suffix == 0x03))
		return true;
	if (group && suffix == 0x00)
		return true;
	return (host || group) &&
	       memchr(config->suffix, suffix, config->suffixes);
}
