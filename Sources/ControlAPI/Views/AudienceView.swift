public import CampaignModel
public import VarlinkKit

/// An audience as clients see it.
public struct AudienceView: Hashable, Sendable {
    public var name: String
    /// Campaigns in force whose live version names it.
    public var campaigns: Int

    public init(name: Slug, campaigns: Int) {
        self.name = name.text
        self.campaigns = campaigns
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        campaigns = try fields.required("campaigns", fields.number)
    }

    public var json: JSONObject { ["name": .string(name), "campaigns": JSONValue(campaigns)] }
}

/// How many recipients an audience has, as clients see it.
public struct AudienceCountView: Hashable, Sendable {
    public var name: String
    /// Nil where only the surface can tell.
    public var count: Int?
    /// A sentence.
    public var text: String

    /// - Throws: ``ControlError/held(name:why:)`` named `audience` where they could not be counted.
    public init(_ name: Slug, _ count: AudienceCount) throws(ControlError) {
        self.name = name.text
        switch count {
        case .counted(let number):
            self.count = number
            text = "\(name) has \(number) recipient\(number == 1 ? "" : "s")"
        case .onlyTheSurfaceKnows:
            self.count = nil
            text = "\(name) is a reference, and only the surface knows how many recipients it has"
        case .failed(let why): throw .held(name: "audience", why: "\(name) can't be counted: \(why)")
        }
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        count = try fields.number("count")
        text = try fields.required("text", fields.text)
    }

    public var json: JSONObject {
        ["name": .string(name), "count": JSONValue(count), "text": .string(text)]
    }
}

/// The first recipients of an audience, as clients see them.
public struct AudienceSampleView: Hashable, Sendable {
    public var name: String
    /// Empty where there are none, and where only the surface can tell.
    public var recipients: [Recipient]
    /// Why there are none; nil where there are.
    public var text: String?

    /// - Throws: ``ControlError/held(name:why:)`` named `audience` where it could not be read.
    public init(_ name: Slug, _ sample: AudienceSample) throws(ControlError) {
        self.name = name.text
        switch sample {
        case .recipients(let found):
            recipients = found
            text = found.isEmpty ? "\(name) has no recipients" : nil
        case .onlyTheSurfaceKnows:
            recipients = []
            text = "\(name) is a reference, and only the surface knows who is in it"
        case .failed(let why): throw .held(name: "audience", why: "\(name) can't be read: \(why)")
        }
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        recipients = try fields.views("recipients", Recipient.init(json:))
        text = try fields.text("text")
    }

    public var json: JSONObject {
        [
            "name": .string(name), "recipients": .array(recipients.map { .object($0.json) }),
            "text": JSONValue(text),
        ]
    }
}

extension Recipient {
    init(json: JSONObject) throws(ViewError) {
        self.init(
            columns: try JSONFields(json).views("columns") { (json) throws(ViewError) in
                let fields = JSONFields(json)
                return Column(
                    name: try fields.required("name", fields.text), value: try fields.required("value", fields.text))
            })
    }

    var json: JSONObject {
        ["columns": .array(columns.map { ["name": .string($0.name), "value": .string($0.value)] })]
    }
}
