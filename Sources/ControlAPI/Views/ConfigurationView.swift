public import Recurrence
public import VarlinkKit

/// The configuration in force, and whether a newer one was refused.
public struct ConfigurationView: Hashable, Sendable {
    /// A setting as it is in force.
    public struct Setting: Hashable, Sendable {
        /// As campaignd.yaml names it, with a dot below a section: `limits.campaigns`.
        public var key: String
        /// As campaignd.yaml would say it.
        public var value: String
        /// A file and its line, `$` and the name of a variable, or `default`.
        public var source: String

        public init(key: String, value: String, source: String) {
            self.key = key
            self.value = value
            self.source = source
        }

        public init(json: JSONObject) throws(ViewError) {
            let fields = JSONFields(json)
            key = try fields.required("key", fields.text)
            value = try fields.required("value", fields.text)
            source = try fields.required("source", fields.text)
        }

        public var json: JSONObject {
            ["key": .string(key), "value": .string(value), "source": .string(source)]
        }
    }

    /// That the files were read again and could not be used.
    public struct Refusal: Hashable, Sendable {
        public var at: Instant
        /// With file, line and key.
        public var text: String

        public init(at: Instant, text: String) {
            self.at = at
            self.text = text
        }

        public init(json: JSONObject) throws(ViewError) {
            let fields = JSONFields(json)
            at = try fields.required("at", fields.instant)
            text = try fields.required("text", fields.text)
        }

        public var json: JSONObject { ["at": JSONValue(at), "text": .string(text)] }
    }

    /// When what is in force was read.
    public var readAt: Instant
    /// Those with settings, in the order in which they were read.
    public var files: [String]
    /// The newest try to read them again, where that was refused.
    public var refused: Refusal?
    public var settings: [Setting]

    public init(readAt: Instant, files: [String], refused: Refusal?, settings: [Setting]) {
        self.readAt = readAt
        self.files = files
        self.refused = refused
        self.settings = settings
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        readAt = try fields.required("read_at", fields.instant)
        files = try fields.required("files", fields.texts)
        refused = try fields.object("refused") == nil ? nil : fields.view("refused", Refusal.init(json:))
        settings = try fields.views("settings", Setting.init(json:))
    }

    public var json: JSONObject {
        [
            "read_at": JSONValue(readAt), "files": JSONValue(files),
            "refused": refused.map { .object($0.json) } ?? .null,
            "settings": .array(settings.map { .object($0.json) }),
        ]
    }
}
