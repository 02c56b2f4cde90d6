public import CampaignModel
public import VarlinkKit

/// A way of delivering as clients see it.
public struct SurfaceView: Hashable, Sendable {
    public var name: String
    public var channel: String
    public var maxConcurrent: Int
    /// Of a temporary failure; nil for the daemon's number.
    public var retries: Int?
    /// Sends under way.
    public var running: Int
    /// Sends that wait for one of those to end.
    public var queued: Int

    public init(name: Slug, channel: Slug, maxConcurrent: Int, retries: Int?, running: Int, queued: Int) {
        self.name = name.text
        self.channel = channel.text
        self.maxConcurrent = maxConcurrent
        self.retries = retries
        self.running = running
        self.queued = queued
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        channel = try fields.required("channel", fields.text)
        maxConcurrent = try fields.required("max_concurrent", fields.number)
        retries = try fields.number("retries")
        running = try fields.required("running", fields.number)
        queued = try fields.required("queued", fields.number)
    }

    public var json: JSONObject {
        [
            "name": .string(name), "channel": .string(channel), "max_concurrent": JSONValue(maxConcurrent),
            "retries": JSONValue(retries), "running": JSONValue(running), "queued": JSONValue(queued),
        ]
    }
}
