public import CampaignModel
public import VarlinkKit

/// A way of delivering as clients see it.
public struct SurfaceView: Hashable, Sendable {
    public var name: String
    public var channel: String
    public var maxConcurrent: Int
    /// Of a temporary failure; nil for the daemon's number.
    public var retries: Int?
    /// As its file has it, `10/s`; nil where it has none.
    public var rate: String?
    /// Seconds after which an attempt is ended.
    public var timeout: Int
    /// Sends under way.
    public var running: Int
    /// Sends that wait for one of those to end.
    public var queued: Int

    public init(_ surface: Surface, running: Int, queued: Int) {
        name = surface.name.text
        channel = surface.channel.text
        maxConcurrent = surface.maxConcurrent
        retries = surface.retries
        rate = surface.rate?.description
        timeout = Int(surface.timeout.secondsRoundedUp)
        self.running = running
        self.queued = queued
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        channel = try fields.required("channel", fields.text)
        maxConcurrent = try fields.required("max_concurrent", fields.number)
        retries = try fields.number("retries")
        rate = try fields.text("rate")
        timeout = try fields.required("timeout", fields.number)
        running = try fields.required("running", fields.number)
        queued = try fields.required("queued", fields.number)
    }

    public var json: JSONObject {
        [
            "name": .string(name), "channel": .string(channel), "max_concurrent": JSONValue(maxConcurrent),
            "retries": JSONValue(retries), "rate": JSONValue(rate), "timeout": JSONValue(timeout),
            "running": JSONValue(running), "queued": JSONValue(queued),
        ]
    }
}
