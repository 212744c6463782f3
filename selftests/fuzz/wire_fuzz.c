// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datagrams of any bytes. What the parser accepts must lie inside the datagram,
 * must not depend on more than the prefix, and must survive being written and
 * read again.
 */
#include "../../module/wire.h"
#include "fuzz.h"

static void check_view(const u8 *bytes, size_t seen, size_t total,
		       const struct mslot_datagram *view)
{
	const u8 *slot = (const u8 *)view->slot;

	MUST(slot > bytes && slot < bytes + seen);
	MUST(view->slot_len < bytes + seen - slot);
	MUST(slot[view->slot_len] == 0);
	MUST(!mslot_name_check(view->slot, view->slot_len));
	MUST(view->data_offset > slot - bytes + view->slot_len);
	MUST(view->data_offset <= total);
	MUST(view->data_len <= total - view->data_offset);
}

static void check_same(const struct mslot_datagram *a,
		       const struct mslot_datagram *b)
{
	MUST(a->type == b->type);
	MUST(a->id == b->id);
	MUST(a->address == b->address);
	MUST(a->port == b->port);
	MUST(!memcmp(a->source, b->source, sizeof(a->source)));
	MUST(!memcmp(a->dest, b->dest, sizeof(a->dest)));
	MUST(a->slot_len == b->slot_len);
	MUST(!memcmp(a->slot, b->slot, a->slot_len));
	MUST(a->mail_class == b->mail_class);
	MUST(a->priority == b->priority);
	MUST(a->data_len == b->data_len);
}

static void check_round_trip(const struct mslot_datagram *view)
{
	u8 frame[MSLOT_WIRE_HEADER_MAX];
	struct mslot_datagram again;
	ssize_t len = mslot_wire_encode(frame, sizeof(frame), view);
	u8 *copy;

	if (view->data_len > mslot_wire_large_max(view->slot_len)) {
		MUST(len == -EMSGSIZE);
		return;
	}
	MUST(len > 0 && len <= MSLOT_WIRE_HEADER_MAX);
	MUST(mslot_wire_encode(frame, len - 1, view) == -EMSGSIZE);
	copy = exactly(frame, len);
	MUST(!mslot_wire_parse(copy, len, len + view->data_len, &again));
	MUST(again.data_offset == len);
	check_same(view, &again);
	free(copy);
}

/* The kernel shows the parser a prefix only; the answer must be the same. */
static void check_prefix(const u8 *data, size_t size, int expected,
			 const struct mslot_datagram *view)
{
	size_t seen = size < MSLOT_WIRE_PREFIX ? size : MSLOT_WIRE_PREFIX;
	u8 *prefix = exactly(data, seen);
	struct mslot_datagram again;

	MUST(mslot_wire_parse(prefix, seen, size, &again) == expected);
	if (!expected) {
		check_view(prefix, seen, size, &again);
		check_same(view, &again);
		MUST(view->data_offset == again.data_offset);
	}
	free(prefix);
}

int FUZZ_TARGET(const u8 *data, size_t size)
{
	u8 *bytes = exactly(data, size);
	struct mslot_datagram view;
	int err = mslot_wire_parse(bytes, size, size, &view);

	MUST(err <= 0 && err > -MSLOT_DROP_WIRE_END);
	MUST(mslot_drop_name(-err));
	check_prefix(data, size, err, &view);
	if (!err) {
		check_view(bytes, size, size, &view);
		check_round_trip(&view);
	}
	free(bytes);
	return 0;
}
