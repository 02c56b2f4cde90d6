public import CampaignModel
import GRDB

/// A send as people see it in a list.
public struct SendListing: Hashable, Sendable {
    /// The send as it stands.
    public let send: Send
    /// Whose it is.
    public let campaignName: Slug
    /// Grows with each claim.
    public let number: Int64
}

extension Store {
    /// A page of sends, the last claimed first.
    ///
    /// - Parameters:
    ///   - name: the campaign; nil for those of all campaigns.
    ///   - states: the states to keep; nil for all.
    ///   - number: ``Page/next`` of the page before; nil for the first one.
    ///   - limit: brought into 1...``PageSize/maximum``.
    public func sends(
        of name: Slug? = nil, states: Set<SendState>? = nil, before number: Int64? = nil, limit: Int = PageSize.maximum
    ) throws(StoreError) -> Page<SendListing, Int64> {
        let limit = PageSize.bounded(limit)
        return try reading { db in
            var conditions: [String] = []
            var values: [DatabaseValue] = []
            if let name {
                guard let campaign = try Self.number(of: name, db) else {
                    return Page([], limit: limit, cursor: \.number)
                }
                conditions.append("sends.campaign = ?")
                values.append(.integer(campaign))
            }
            if let states {
                conditions.append("sends.state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
                values += states.map(\.rawValue).sorted().map { .text($0) }
                // The index of the open ones serves only who asks for it.
                if states.allSatisfy({ !$0.isFinal }) { conditions.append("sends.ended_at IS NULL") }
            }
            if let number {
                conditions.append("sends.number < ?")
                values.append(.integer(number))
            }
            let filtering = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            let found = try db.rows(
                "\(SendRow.selection) \(filtering) ORDER BY sends.number DESC LIMIT ?",
                values + [.integer(limit + 1)], Self.sendListing)
            return Page(found, limit: limit, cursor: \.number)
        }
    }

    private static func sendListing(_ row: StoredRow) throws -> SendListing {
        let send = try SendRow.read(row)
        return try StoreError.naming("send \(send.key)") {
            SendListing(send: send, campaignName: try row.slug("name"), number: try row.integer("number"))
        }
    }
}
