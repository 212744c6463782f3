/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the name and datagram codecs need from their surroundings, so that the
 * same files compile into the module, into KUnit and into programs that run
 * under sanitizers and fuzzers.
 */
#ifndef _MSLOT_PURE_H
#define _MSLOT_PURE_H

#ifdef __KERNEL__

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#else

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#endif /* __KERNEL__ */

#endif /* _MSLOT_PURE_H */
