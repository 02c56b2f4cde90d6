internal import CampaignModel
internal import VarlinkKit

/// How many campaigns there are by status, as a `CampaignCounts` of `org.campaignd`: with all of them, zeros included.
enum StatusCounts {
    static func json(_ counts: [Status: Int]) -> JSONObject {
        JSONObject(Status.allCases.map { ($0.rawValue, JSONValue(counts[$0] ?? 0)) })
    }

    /// - Returns: without those that have none.
    static func read(_ json: JSONObject) throws(ViewError) -> [Status: Int] {
        let fields = JSONFields(json)
        var counts: [Status: Int] = [:]
        for status in Status.allCases { counts[status] = try fields.number(status.rawValue) }
        return counts.filter { $0.value != 0 }
    }
}
