#include "web/calendar.h"

#include <libical/ical.h>

enum {
	REMIND_BEFORE_S = 30 * 60
};

static icaltimetype utc(struct wall at)
{
	return icaltime_from_timet_with_zone((time_t)at.s, 0, icaltimezone_get_utc_timezone());
}

static icalcomponent *reminder_of(const struct calendar_event *event)
{
	struct icaltriggertype when = {
		.duration = icaldurationtype_from_int(-REMIND_BEFORE_S),
	};
	return icalcomponent_vanew(ICAL_VALARM_COMPONENT,
				   icalproperty_new_action(ICAL_ACTION_DISPLAY),
				   icalproperty_new_description(event->summary),
				   icalproperty_new_trigger(when), (void *)0);
}

static icalcomponent *event_of(const struct calendar_event *event)
{
	return icalcomponent_vanew(
	    ICAL_VEVENT_COMPONENT, icalproperty_new_uid(event->uid),
	    icalproperty_new_dtstamp(utc(event->made)), icalproperty_new_dtstart(utc(event->start)),
	    icalproperty_new_dtend(utc(event->end)), icalproperty_new_summary(event->summary),
	    icalproperty_new_description(event->description), icalproperty_new_url(event->address),
	    reminder_of(event), (void *)0);
}

enum err calendar_write(const struct calendar_event *event, struct buf *out)
{
	icalcomponent *calendar = icalcomponent_vanew(
	    ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
	    icalproperty_new_prodid("-//Prison Video Link//EN"),
	    icalproperty_new_method(ICAL_METHOD_PUBLISH), event_of(event), (void *)0);
	char *text = icalcomponent_as_ical_string_r(calendar);
	buf_text(out, text);
	icalmemory_free_buffer(text);
	icalcomponent_free(calendar);
	return buf_ok(out) ? OK : ERR_LIMIT;
}
