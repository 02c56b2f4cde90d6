public import VarlinkKit

/// Measured values of one meaning, as OpenMetrics has them
/// (<https://prometheus.io/docs/specs/om/open_metrics_spec/>): the daemon says what there is, and whoever prints it
/// needs to know none of it.
public struct MetricFamily: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Grows only, from zero at the daemon's start.
        case counter
        case gauge
        case histogram
        /// Always 1; its labels are what it tells.
        case info

        /// What the names of all its samples end with.
        public var suffix: String {
            switch self {
            case .counter: "_total"
            case .info: "_info"
            case .gauge, .histogram: ""
            }
        }
    }

    /// Without ``Kind/suffix``; ends with its unit where it has one.
    public var name: String
    public var kind: Kind
    public var unit: String?
    /// One sentence.
    public var help: String
    public var samples: [MetricSample]

    public init(_ name: String, _ kind: Kind, unit: String? = nil, help: String, samples: [MetricSample]) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.help = help
        self.samples = samples
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        kind = try fields.requiredWord("kind", Kind.self)
        unit = try fields.text("unit")
        help = try fields.required("help", fields.text)
        samples = try fields.views("samples", MetricSample.init(json:))
    }

    public var json: JSONObject {
        [
            "name": .string(name), "kind": .string(kind.rawValue), "unit": JSONValue(unit), "help": .string(help),
            "samples": .array(samples.map { .object($0.json) }),
        ]
    }
}

/// One value of a family.
public struct MetricSample: Hashable, Sendable {
    /// The family's name and what follows it here: `campaignd_lateness_seconds_bucket`.
    public var name: String
    public var labels: [MetricLabel]
    public var value: Double

    /// - Parameter labels: in the order in which they are printed.
    public init(_ name: String, _ labels: [MetricLabel], _ value: Double) {
        self.name = name
        self.labels = labels
        self.value = value
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        labels = try fields.views("labels", MetricLabel.init(json:))
        value = try fields.required("value", fields.double)
    }

    /// Whole values are whole numbers in JSON too.
    public var json: JSONObject {
        [
            "name": .string(name), "labels": .array(labels.map { .object($0.json) }),
            "value": Int64(exactly: value).map(JSONValue.int) ?? .double(value),
        ]
    }
}

/// What tells the samples of a family apart. No value comes from what people make, so that there are few.
public struct MetricLabel: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        name = try fields.required("name", fields.text)
        value = try fields.required("value", fields.text)
    }

    public var json: JSONObject { ["name": .string(name), "value": .string(value)] }
}
