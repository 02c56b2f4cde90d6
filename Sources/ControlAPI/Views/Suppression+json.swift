public import CampaignModel
internal import Recurrence
public import VarlinkKit

extension Suppression {
    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        self.init(
            address: try fields.required("address", fields.text), reason: try fields.text("reason"),
            at: try fields.instant("at"))
    }

    public var json: JSONObject {
        ["address": .string(address), "reason": JSONValue(reason), "at": JSONValue(at)]
    }
}

extension SuppressionOutcome {
    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        self.init(
            changed: try fields.required("changed", fields.number),
            unchanged: try fields.required("unchanged", fields.number),
            invalid: try fields.views("invalid") { (json) throws(ViewError) in
                let fields = JSONFields(json)
                return InvalidAddress(
                    index: try fields.required("index", fields.number),
                    reason: try fields.required("reason", fields.text))
            }, invalidCount: try fields.required("invalid_count", fields.number))
    }

    public var json: JSONObject {
        [
            "changed": JSONValue(changed), "unchanged": JSONValue(unchanged),
            "invalid": .array(
                invalid.map { .object(["index": JSONValue($0.index), "reason": .string($0.reason)]) }),
            "invalid_count": JSONValue(invalidCount),
        ]
    }
}
