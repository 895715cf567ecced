#include "wire/rtcp.h"

#include "fuzz.h"

static void feedback(const struct rtcp_packet *p)
{
	struct rtcp_feedback f;
	struct rtcp_remb remb;
	uint16_t sequence;
	uint8_t number;
	size_t told = 0;
	if (rtcp_parse_feedback(p, &f))
		return;
	struct rtcp_nacks nacks = rtcp_nacks_of(&f);
	while (rtcp_nacks_next(&nacks, &sequence))
		told++;
	ASSERT(told <= f.control.len / 4 * 17);
	(void)rtcp_fir_asks(&f, 0x01020304, &number);
	if (rtcp_parse_remb(&f, &remb) == OK)
		ASSERT(remb.count <= RTCP_SSRCS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct rtcp_packet p;
	struct rtcp_walk walk = rtcp_walk_of(bytes_of(at, len));
	size_t sum = 0;
	while (rtcp_next(&walk, &p)) {
		struct rtcp_reports reports;
		struct rtcp_bye bye;
		struct rtcp_xr xr;
		struct bytes cname;
		sum += 4 + p.body.len;
		any(rtcp_parse_reports(&p, &reports));
		any(rtcp_parse_bye(&p, &bye));
		if (rtcp_parse_xr(&p, &xr) == OK)
			ASSERT(xr.dlrr_count <= RTCP_DLRR_MAX);
		if (rtcp_parse_cname(&p, 1, &cname) == OK)
			ASSERT(cname.len <= RTCP_CNAME_MAX && cname.len <= p.body.len);
		feedback(&p);
	}
	ASSERT(sum <= len);
	return 0;
}
