// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options of the mount: one table says what there is and what is allowed.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "options.h"
#include "remote.h"

#define KIB	1024UL
#define MIB	(1024UL * 1024)

static const struct {
	const char *name;
	const char *format;
	unsigned long preset, min, max;
} options[MAILSLOT_OPTS] = {
	[MAILSLOT_OPT_MODE] = { "mode", "%04lo", 0777, 0, 0777 },
	[MAILSLOT_OPT_UID] = { "uid", "%lu", 0, 0, U32_MAX },
	[MAILSLOT_OPT_GID] = { "gid", "%lu", 0, 0, U32_MAX },
	[MAILSLOT_OPT_SLOT_MODE] = { "slot_mode", "%04lo", 0622, 0, 0777 },
	[MAILSLOT_OPT_MAX_MESSAGE] = { "max_message", "%lu", MIB, 1,
				       MAILSLOT_MESSAGE_MAX },
	[MAILSLOT_OPT_MAX_QUEUE_BYTES] = { "max_queue_bytes", "%lu", 64 * MIB,
					   1, LONG_MAX / 2 },
	[MAILSLOT_OPT_MAX_QUEUE_MESSAGES] = { "max_queue_messages", "%lu",
					      256 * KIB, 1, U32_MAX },
	[MAILSLOT_OPT_MAX_USER_BYTES] = { "max_user_bytes", "%lu", 64 * MIB, 1,
					  LONG_MAX / 2 },
	[MAILSLOT_OPT_MAX_USER_SLOTS] = { "max_user_slots", "%lu", 4096, 1,
					  U32_MAX },
	[MAILSLOT_OPT_MAX_SLOTS] = { "max_slots", "%lu", 256 * KIB, 1,
				     U32_MAX },
	[MAILSLOT_OPT_REMOTE] = { "remote", NULL, MAILSLOT_REMOTE_OFF,
				  MAILSLOT_REMOTE_OFF, MAILSLOT_REMOTE_ON },
	[MAILSLOT_OPT_PORT] = { "port", "%lu", MSLOT_WIRE_PORT, 1, U16_MAX },
	[MAILSLOT_OPT_RATE] = { "rate", "%lu", 1000, 0, U32_MAX - 1 },
	[MAILSLOT_OPT_RATE_ALL] = { "rate_all", "%lu", 16000, 0, U32_MAX - 1 },
	[MAILSLOT_OPT_MAX_REMOTE_BYTES] = { "max_remote_bytes", "%lu",
					    16 * MIB, 0, LONG_MAX / 2 },
	[MAILSLOT_OPT_LARGE] = { "large", NULL, 0, 0, 1 },
};

/* Unless it is given, rate_all= is so many times rate=. */
#define RATE_ALL_FACTOR	16

/* The options whose values are no numbers, numbered behind the others. */
enum {
	OPT_NETBIOS = MAILSLOT_OPTS,
	OPT_WORKGROUP,
	OPT_NAMES,
	OPT_ALLOW,
	OPT_COUNT
};

#define CONFIG_OPTS	GENMASK(OPT_COUNT - 1, OPT_NETBIOS)

static const struct constant_table remote_modes[] = {
	{ "off", MAILSLOT_REMOTE_OFF },
	{ "loopback", MAILSLOT_REMOTE_LOOPBACK },
	{ "on", MAILSLOT_REMOTE_ON },
	{}
};

/* A list can be made empty again by a remount. */
#define fsparam_list(name, opt) \
	__fsparam(fs_param_is_string, name, opt, fs_param_can_be_empty, NULL)

/* In the order of their numbers, because mailslot_parse_param() looks back. */
const struct fs_parameter_spec mailslot_parameters[] = {
	fsparam_u32oct("mode", MAILSLOT_OPT_MODE),
	fsparam_u32("uid", MAILSLOT_OPT_UID),
	fsparam_u32("gid", MAILSLOT_OPT_GID),
	fsparam_u32oct("slot_mode", MAILSLOT_OPT_SLOT_MODE),
	fsparam_string("max_message", MAILSLOT_OPT_MAX_MESSAGE),
	fsparam_string("max_queue_bytes", MAILSLOT_OPT_MAX_QUEUE_BYTES),
	fsparam_string("max_queue_messages", MAILSLOT_OPT_MAX_QUEUE_MESSAGES),
	fsparam_string("max_user_bytes", MAILSLOT_OPT_MAX_USER_BYTES),
	fsparam_string("max_user_slots", MAILSLOT_OPT_MAX_USER_SLOTS),
	fsparam_string("max_slots", MAILSLOT_OPT_MAX_SLOTS),
	fsparam_enum("remote", MAILSLOT_OPT_REMOTE, remote_modes),
	fsparam_u32("port", MAILSLOT_OPT_PORT),
	fsparam_u32("rate", MAILSLOT_OPT_RATE),
	fsparam_u32("rate_all", MAILSLOT_OPT_RATE_ALL),
	fsparam_string("max_remote_bytes", MAILSLOT_OPT_MAX_REMOTE_BYTES),
	fsparam_flag_no("large", MAILSLOT_OPT_LARGE),
	fsparam_string("netbios", OPT_NETBIOS),
	fsparam_string("workgroup", OPT_WORKGROUP),
	fsparam_list("names", OPT_NAMES),
	fsparam_list("allow", OPT_ALLOW),
	{}
};

/**
 * struct mount_opts - what one call of mount(2) asks for
 * @set: Bit by number of the option: it was given.
 * @value: Its value, for those that are numbers.
 * @config: The values of the others.
 */
struct mount_opts {
	unsigned long set;
	unsigned long value[MAILSLOT_OPTS];
	struct mailslot_config config;
};

/*
 * The limits per user that hold for mounts of other user namespaces: those of
 * the initial network namespace's instance, or the presets while it is not
 * mounted. Whoever may mount in a namespace of his own could otherwise give
 * himself any limit.
 */
static unsigned long ceiling[MAILSLOT_OPTS];

/**
 * mailslot_options_ceiling - the limits of the initial namespace have changed
 * @fs: Its instance, or NULL when it is not mounted.
 *
 * Context: Any.
 */
void mailslot_options_ceiling(const struct mailslot_fs *fs)
{
	int i;

	for (i = 0; i < MAILSLOT_OPTS; i++)
		WRITE_ONCE(ceiling[i], fs ? fs->opt[i] : options[i].preset);
}

/**
 * mailslot_lower_limit - a limit per user in a confined instance
 * @fs: The instance.
 * @opt: MAILSLOT_OPT_MAX_USER_BYTES or MAILSLOT_OPT_MAX_USER_SLOTS.
 *
 * Context: Any.
 * Return: the limit.
 */
unsigned long mailslot_lower_limit(const struct mailslot_fs *fs,
				   enum mailslot_opt opt)
{
	return min(mailslot_opt(fs, opt), READ_ONCE(ceiling[opt]));
}

/**
 * mailslot_options_init - give an instance the options that hold by default
 * @fs: The instance.
 *
 * Context: Process context.
 * Return: 0, -ENOMEM or -EINVAL.
 */
int mailslot_options_init(struct mailslot_fs *fs)
{
	struct mailslot_config *config = kzalloc(sizeof(*config),
						 GFP_KERNEL_ACCOUNT);
	int i;

	if (!config)
		return -ENOMEM;
	for (i = 0; i < MAILSLOT_OPTS; i++)
		fs->opt[i] = options[i].preset;
	RCU_INIT_POINTER(fs->config, config);
	return mailslot_config_init(config);
}

/* Digits, and K, M or G behind them: nothing that wraps or is left over. */
static int parse_size(struct fs_context *fc, const struct fs_parameter *param,
		      unsigned long *value)
{
	static const char units[] = "KMG";
	char text[24];
	unsigned int shift = 0;
	const char *unit;
	size_t len;

	len = strscpy(text, param->string, sizeof(text));
	if (len && len < sizeof(text)) {
		unit = strchr(units, toupper(text[len - 1]));
		if (unit && *unit) {
			shift = 10 * (unit - units + 1);
			text[len - 1] = '\0';
		}
		if (!kstrtoul(text, 10, value) &&
		    *value <= ULONG_MAX >> shift) {
			*value <<= shift;
			return 0;
		}
	}
	return invalfc(fc, "%s: '%s' is not a number", param->key,
		       param->string);
}

static int check_value(struct fs_context *fc, const char *key, int opt,
		       unsigned long value)
{
	if (value < options[opt].min || value > options[opt].max)
		return invalfc(fc, "%s: must be %lu to %lu", key,
			       options[opt].min, options[opt].max);
	if (opt == MAILSLOT_OPT_UID &&
	    !uid_valid(make_kuid(fc->user_ns, value)))
		return invalfc(fc, "uid: no such user in this namespace");
	if (opt == MAILSLOT_OPT_GID &&
	    !gid_valid(make_kgid(fc->user_ns, value)))
		return invalfc(fc, "gid: no such group in this namespace");
	if (opt == MAILSLOT_OPT_REMOTE && value != MAILSLOT_REMOTE_OFF &&
	    !ns_capable(fc->user_ns, CAP_NET_BIND_SERVICE)) {
		errorfc(fc, "remote: needs CAP_NET_BIND_SERVICE");
		return -EPERM;
	}
	return 0;
}

static int parse_config(struct fs_context *fc, struct mailslot_config *config,
			int opt, const struct fs_parameter *param)
{
	int err;

	if (opt == OPT_NETBIOS)
		err = mailslot_config_name(config->host, param->string);
	else if (opt == OPT_WORKGROUP)
		err = mailslot_config_name(config->workgroup, param->string);
	else if (opt == OPT_NAMES)
		err = mailslot_config_names(config, param->string);
	else
		err = mailslot_config_allow(config, param->string);
	if (err)
		errorfc(fc, "%s: '%s' is malformed", param->key,
			param->string);
	return err;
}

/**
 * mailslot_parse_param - take one option of mount(2)
 * @fc: The mount.
 * @param: The option.
 *
 * Context: Process context.
 * Return: 0, -EINVAL for what is unknown or out of bounds, -EPERM when the
 * caller may not switch remote delivery on.
 */
int mailslot_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct mount_opts *opts = fc->fs_private;
	struct fs_parse_result result;
	unsigned long value;
	int opt, err = 0;

	opt = fs_parse(fc, mailslot_parameters, param, &result);
	if (opt < 0)
		return opt;
	if (opt >= MAILSLOT_OPTS) {
		err = parse_config(fc, &opts->config, opt, param);
	} else {
		if (opt == MAILSLOT_OPT_LARGE)
			value = result.boolean;
		else if (mailslot_parameters[opt].type == fs_param_is_string)
			err = parse_size(fc, param, &value);
		else
			value = result.uint_32;
		err = err ?: check_value(fc, param->key, opt, value);
		if (!err)
			opts->value[opt] = value;
	}
	if (!err)
		opts->set |= BIT(opt);
	return err;
}

/* What the new options make of the old lists and names. */
static struct mailslot_config *new_config(struct mailslot_fs *fs,
					  const struct mount_opts *opts)
{
	struct mailslot_config *config;

	config = kmemdup(rcu_dereference_protected(fs->config, true),
			 sizeof(*config), GFP_KERNEL_ACCOUNT);
	if (!config)
		return NULL;
	if (opts->set & BIT(OPT_NETBIOS))
		memcpy(config->host, opts->config.host, sizeof(config->host));
	if (opts->set & BIT(OPT_WORKGROUP))
		memcpy(config->workgroup, opts->config.workgroup,
		       sizeof(config->workgroup));
	if (opts->set & BIT(OPT_NAMES)) {
		config->suffixes = opts->config.suffixes;
		memcpy(config->suffix, opts->config.suffix,
		       sizeof(config->suffix));
	}
	if (opts->set & BIT(OPT_ALLOW)) {
		config->allows = opts->config.allows;
		memcpy(config->allow, opts->config.allow,
		       sizeof(config->allow));
	}
	return config;
}

static unsigned long wanted(const struct mailslot_fs *fs,
			    const struct mount_opts *opts,
			    enum mailslot_opt opt)
{
	return opts->set & BIT(opt) ? opts->value[opt] : fs->opt[opt];
}

static void set_numbers(struct mailslot_fs *fs, const struct mount_opts *opts)
{
	unsigned long set = opts->set, all;
	int i;

	for_each_set_bit(i, &set, MAILSLOT_OPTS)
		WRITE_ONCE(fs->opt[i], opts->value[i]);
	if (set & BIT(MAILSLOT_OPT_RATE) && !(set & BIT(MAILSLOT_OPT_RATE_ALL))) {
		all = min(fs->opt[MAILSLOT_OPT_RATE],
			  options[MAILSLOT_OPT_RATE_ALL].max / RATE_ALL_FACTOR);
		WRITE_ONCE(fs->opt[MAILSLOT_OPT_RATE_ALL],
			   all * RATE_ALL_FACTOR);
	}
}

static void set_root(struct mailslot_fs *fs, const struct mount_opts *opts)
{
	struct inode *root = d_inode(fs->sb->s_root);

	if (opts->set & BIT(MAILSLOT_OPT_MODE))
		root->i_mode = S_IFDIR | fs->opt[MAILSLOT_OPT_MODE];
	if (opts->set & BIT(MAILSLOT_OPT_UID))
		root->i_uid = make_kuid(fs->sb->s_user_ns,
					fs->opt[MAILSLOT_OPT_UID]);
	if (opts->set & BIT(MAILSLOT_OPT_GID))
		root->i_gid = make_kgid(fs->sb->s_user_ns,
					fs->opt[MAILSLOT_OPT_GID]);
}

/**
 * mailslot_options_apply - put the options of a mount or a remount into force
 * @sb: The super block.
 * @fc: The mount, its options parsed; those that it does not name stay.
 *
 * Everything that can fail comes first, so a failure changes nothing.
 *
 * Context: Process context, s_umount held for writing.
 * Return: 0, -ENOMEM, or an error of the socket.
 */
int mailslot_options_apply(struct super_block *sb, struct fs_context *fc)
{
	struct mailslot_fs *fs = mailslot_net_fs(sb->s_fs_info);
	const struct mount_opts *opts = fc->fs_private;
	struct mailslot_config *config = new_config(fs, opts);
	struct mailslot_remote *remote;

	if (!config)
		return -ENOMEM;
	remote = mailslot_remote_prepare(fs,
					 wanted(fs, opts, MAILSLOT_OPT_REMOTE),
					 wanted(fs, opts, MAILSLOT_OPT_PORT));
	if (IS_ERR(remote)) {
		kfree(config);
		errorfc(fc, "remote: cannot bind the UDP port");
		return PTR_ERR(remote);
	}
	config = rcu_replace_pointer(fs->config, config, true);
	kfree_rcu(config, rcu);
	set_numbers(fs, opts);
	set_root(fs, opts);
	mailslot_remote_commit(fs, remote);
	mailslot_limits_changed(fs);
	if (net_eq(fs->net, &init_net))
		mailslot_options_ceiling(fs);
	return 0;
}

static bool rate_all_follows(const struct mailslot_fs *fs)
{
	return mailslot_opt(fs, MAILSLOT_OPT_RATE_ALL) ==
	       mailslot_opt(fs, MAILSLOT_OPT_RATE) * RATE_ALL_FACTOR;
}

/**
 * mailslot_options_show - write the options for /proc/mounts
 * @m: Where to.
 * @fs: The instance.
 *
 * Context: Process context.
 */
void mailslot_options_show(struct seq_file *m, struct mailslot_fs *fs)
{
	int i;

	for (i = 0; i < MAILSLOT_OPTS; i++) {
		/* mount(8) repeats what it reads here when it remounts. */
		if (!options[i].format ||
		    (i == MAILSLOT_OPT_RATE_ALL && rate_all_follows(fs)))
			continue;
		seq_printf(m, ",%s=", options[i].name);
		seq_printf(m, options[i].format, mailslot_opt(fs, i));
	}
	seq_printf(m, ",remote=%s",
		   remote_modes[mailslot_opt(fs, MAILSLOT_OPT_REMOTE)].name);
	if (mailslot_opt(fs, MAILSLOT_OPT_LARGE))
		seq_puts(m, ",large");
	rcu_read_lock();
	mailslot_config_show(m, rcu_dereference(fs->config));
	rcu_read_unlock();
}

/**
 * mailslot_options_alloc - room for the options of a mount
 *
 * Context: Process context.
 * Return: what goes into fs_context.fs_private, for kfree(); or NULL.
 */
void *mailslot_options_alloc(void)
{
	return kzalloc(sizeof(struct mount_opts), GFP_KERNEL);
}
