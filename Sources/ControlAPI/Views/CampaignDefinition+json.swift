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
            "name": JSONValue(name), "title": JSONValue(title), "type": JSONValue(type),
            "channel": JSONValue(channel), "surface": JSONValue(surface), "message": JSONValue(message),
            "audience": JSONValue(audience), "tags": JSONValue(tags),
            "schedule": schedule.map { .object($0.json) } ?? .null, "overlap": JSONValue(overlap),
            "late_limit": JSONValue(lateLimit), "retries": JSONValue(retries.flatMap { Int($0) }),
            "on_interrupt": JSONValue(onInterrupt),
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
            "start": JSONValue(start), "timezone": JSONValue(timezone), "every": JSONValue(every),
            "days": JSONValue(days), "at": JSONValue(at), "end": JSONValue(end),
            "count": JSONValue(count.flatMap { Int($0) }), "except": JSONValue(except), "gap": JSONValue(gap),
            "month_end": JSONValue(monthEnd), "rrule": JSONValue(rrule),
        ]
    }
}
