#include "notify/calendar.h"

#include <libical/ical.h>
#include <stdio.h>

#include "base/assert.h"

enum {
	REMIND_BEFORE_S = 30 * 60,
	ADDRESS_ROOM = 300,
};

static const struct {
	const char *name;
	icalproperty_method method;
} METHODS[] = {
	[CALENDAR_PUBLISH] = { "PUBLISH", ICAL_METHOD_PUBLISH },
	[CALENDAR_REQUEST] = { "REQUEST", ICAL_METHOD_REQUEST },
	[CALENDAR_CANCEL] = { "CANCEL", ICAL_METHOD_CANCEL },
};

const char *calendar_method_name(enum calendar_method method)
{
	return METHODS[method].name;
}

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

static icalproperty *uid_of(struct reference reference)
{
	char uid[REFERENCE_LEN + 32];
	(void)snprintf(uid, sizeof uid, "%s@prison-video-link", reference.text);
	return icalproperty_new_uid(uid);
}

static void add_people(icalcomponent *component, const struct calendar_event *event)
{
	char address[ADDRESS_ROOM];
	if (!event->organizer || !event->attendee)
		return;
	(void)snprintf(address, sizeof address, "mailto:%s", event->organizer);
	icalcomponent_add_property(component, icalproperty_new_organizer(address));
	(void)snprintf(address, sizeof address, "mailto:%s", event->attendee);
	icalproperty *attendee = icalproperty_new_attendee(address);
	icalproperty_add_parameter(attendee, icalparameter_new_partstat(ICAL_PARTSTAT_ACCEPTED));
	icalproperty_add_parameter(attendee, icalparameter_new_rsvp(ICAL_RSVP_FALSE));
	icalcomponent_add_property(component, attendee);
}

static icalcomponent *event_of(const struct calendar_event *event)
{
	bool off = event->method == CALENDAR_CANCEL;
	icalcomponent *component = icalcomponent_vanew(
	    ICAL_VEVENT_COMPONENT, uid_of(event->reference),
	    icalproperty_new_dtstamp(utc(event->made)), icalproperty_new_dtstart(utc(event->start)),
	    icalproperty_new_dtend(utc(event->end)), icalproperty_new_summary(event->summary),
	    icalproperty_new_sequence(event->revision),
	    icalproperty_new_status(off ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED),
	    (void *)0);
	if (event->description)
		icalcomponent_add_property(component,
					   icalproperty_new_description(event->description));
	if (event->address)
		icalcomponent_add_property(component, icalproperty_new_url(event->address));
	add_people(component, event);
	if (!off)
		icalcomponent_add_component(component, reminder_of(event));
	return component;
}

static icalcomponent *calendar_of(enum calendar_method method)
{
	return icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
				   icalproperty_new_prodid("-//Prison Video Link//EN"),
				   icalproperty_new_method(METHODS[method].method), (void *)0);
}

static enum err put(icalcomponent *calendar, struct buf *out)
{
	char *text = icalcomponent_as_ical_string_r(calendar);
	buf_text(out, text);
	icalmemory_free_buffer(text);
	icalcomponent_free(calendar);
	return buf_ok(out) ? OK : ERR_LIMIT;
}

enum err calendar_write(const struct calendar_event *event, struct buf *out)
{
	icalcomponent *calendar = calendar_of(event->method);
	icalcomponent_add_component(calendar, event_of(event));
	return put(calendar, out);
}

static icalcomponent *use_of(const struct calendar_use *use, const char *summary, struct wall now)
{
	return icalcomponent_vanew(
	    ICAL_VEVENT_COMPONENT, uid_of(use->reference), icalproperty_new_dtstamp(utc(now)),
	    icalproperty_new_dtstart(utc(use->start)), icalproperty_new_dtend(utc(use->end)),
	    icalproperty_new_summary(summary), icalproperty_new_sequence(use->revision),
	    icalproperty_new_class(ICAL_CLASS_PRIVATE), (void *)0);
}

static void name_it(icalcomponent *calendar, const char *name)
{
	icalproperty *property = icalproperty_new_x(name);
	icalproperty_set_x_name(property, "X-WR-CALNAME");
	icalcomponent_add_property(calendar, property);
}

enum err calendar_feed_write(const char *name, const char *summary, struct wall now,
			     const struct calendar_use *uses, size_t count, struct buf *out)
{
	icalcomponent *calendar = calendar_of(CALENDAR_PUBLISH);
	name_it(calendar, name);
	for (size_t i = 0; i < count; i++)
		icalcomponent_add_component(calendar, use_of(&uses[i], summary, now));
	return put(calendar, out);
}
