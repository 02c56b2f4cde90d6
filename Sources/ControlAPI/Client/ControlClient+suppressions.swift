public import CampaignModel
internal import VarlinkKit

/// Who wants no mail.
extension ControlClient {
    /// Adds addresses to those that want no mail, or takes them out.
    ///
    /// - Parameters:
    ///   - order: of less than 900 KiB.
    ///   - reason: of those that are added and have none of their own.
    public func suppress(
        _ order: SuppressionOrder, reason: String? = nil
    ) async throws -> Received<SuppressionOutcome> {
        var parameters: JSONObject = [
            "skip_invalid": order.skipsInvalid ? true : nil, "dry_run": order.isDryRun ? true : nil,
        ]
        switch order.kind {
        case .add:
            parameters["entries"] = .array(order.entries.map { .object($0.json.withoutNulls) })
            parameters["reason"] = JSONValue(reason)
        case .remove: parameters["addresses"] = JSONValue(order.entries.map(\.address))
        }
        let json = try await call(order.kind == .add ? .suppress : .unsuppress, parameters)
        return try Received(json, SuppressionOutcome.init(json:))
    }

    /// Those that want no mail.
    ///
    /// - Parameter addresses: of these alone; empty: all.
    public func suppressed(_ addresses: [String] = []) -> ToldSuppressions {
        let parameters: JSONObject = ["addresses": addresses.isEmpty ? .null : JSONValue(addresses)]
        return ToldSuppressions(replies: callMore(.suppressed, parameters))
    }
}

/// Those that want no mail, some hundreds at a time as they come. Until the last ones the connection takes no other
/// call.
public struct ToldSuppressions: AsyncSequence, Sendable {
    let replies: AsyncThrowingStream<JSONObject, any Error>

    public func makeAsyncIterator() -> Iterator {
        Iterator(replies: replies.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        var replies: AsyncThrowingStream<JSONObject, any Error>.Iterator

        public mutating func next() async throws -> [Received<Suppression>]? {
            guard let reply = try await replies.next() else { return nil }
            return try JSONFields(reply).views("suppressed") { (json) throws(ViewError) in
                try Received(json, Suppression.init(json:))
            }
        }
    }
}
