public import CampaignModel
public import VarlinkKit

extension CampaignDefinition {
    /// A definition from a `CampaignDefinition` of `org.campaignd`. Values are not judged, but for the whole numbers.
    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        self.init()
        name = try fields.text("name")
        title = try fields.text("title")
        type = try fields.text("type")
        channel = try fields.text("channel")
        surface = try fields.text("surface")
        message = try fields.text("message")
        audience = try fields.text("audience")
        tags = try fields.texts("tags")
        schedule = try fields.object("schedule") == nil ? nil : fields.view("schedule", ScheduleDefinition.init(json:))
        overlap = try fields.text("overlap")
        lateLimit = try fields.text("late_limit")
        retries = try fields.number("retries").map { "\($0)" }
        onInterrupt = try fields.text("on_interrupt")
    }

    /// The form that goes over the socket. A number that is none is left out: judge the definition first.
    public var json: JSONObject {
        [
            "audience": JSONValue(audience), "channel": JSONValue(channel), "late_limit": JSONValue(lateLimit),
            "message": JSONValue(message), "name": JSONValue(name), "on_interrupt": JSONValue(onInterrupt),
            "overlap": JSONValue(overlap), "retries": JSONValue(retries.flatMap { Int($0) }),
            "schedule": schedule.map { .object($0.json) } ?? .null, "surface": JSONValue(surface),
            "tags": JSONValue(tags), "title": JSONValue(title), "type": JSONValue(type),
        ]
    }
}

extension ScheduleDefinition {
    /// A definition from a `ScheduleDefinition` or `Schedule` of `org.campaignd`.
    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        self.init()
        start = try fields.text("start")
        timezone = try fields.text("timezone")
        every = try fields.text("every")
        days = try fields.texts("days")
        at = try fields.texts("at")
        end = try fields.text("end")
        count = try fields.number("count").map { "\($0)" }
        except = try fields.texts("except")
        gap = try fields.text("gap")
        monthEnd = try fields.text("month_end")
        rrule = try fields.text("rrule")
    }

    /// The form that goes over the socket. A number that is none is left out: judge the definition first.
    public var json: JSONObject {
        [
            "at": JSONValue(at), "count": JSONValue(count.flatMap { Int($0) }), "days": JSONValue(days),
            "end": JSONValue(end), "every": JSONValue(every), "except": JSONValue(except), "gap": JSONValue(gap),
            "month_end": JSONValue(monthEnd), "rrule": JSONValue(rrule), "start": JSONValue(start),
            "timezone": JSONValue(timezone),
        ]
    }
}
