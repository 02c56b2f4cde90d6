internal import CampaignModel
internal import VarlinkKit

/// Who wants no mail.
extension ControlService {
    /// What an order may hold as the sender's JSON, which has 1 MiB. A call of ours has no more, but a reason stands in
    /// it once for all.
    private static let orderBytes = 900 * 1_024
    /// Around the texts of one entry.
    private static let entryBytes = 64

    func suppress(_ method: ControlMethod, _ parameters: CallParameters) async throws(ControlError) -> JSONObject {
        let isRemoval = method == .unsuppress
        let name = isRemoval ? "addresses" : "entries"
        var entries: [Suppression]
        if isRemoval {
            entries = try parameters.addresses(name).map { Suppression(address: $0) }
            guard !entries.isEmpty else { throw parameters.missing(name) }
        } else {
            entries = try parameters.suppressions(name)
            if let reason = try parameters.text("reason"), !reason.isEmpty {
                guard reason.utf8.count <= RecipientResult.reasonBytes else {
                    let why = "has \(reason.utf8.count) bytes; \(RecipientResult.reasonBytes) at most are allowed"
                    throw .invalidField(FieldError("reason", reason, why))
                }
                for index in entries.indices where entries[index].reason == nil { entries[index].reason = reason }
            }
        }
        let bytes = entries.reduce(0) { $0 + Self.jsonBytes($1.address) + Self.jsonBytes($1.reason) + Self.entryBytes }
        guard bytes <= Self.orderBytes else {
            throw .invalidField(FieldError(name, nil, "are \(bytes) bytes; \(Self.orderBytes) at most are allowed"))
        }
        return try await control.suppress(
            SuppressionOrder(
                isRemoval ? .remove : .add, entries, skipsInvalid: try parameters.flag("skip_invalid") ?? false,
                isDryRun: try parameters.flag("dry_run") ?? false)
        ).json
    }

    private static func jsonBytes(_ text: String?) -> Int {
        (text ?? "").utf8.reduce(0) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5C ? 2 : 1) }
    }

    func suppressed(_ call: VarlinkCall, _ replies: VarlinkReplies) async throws -> JSONObject {
        let addresses = try CallParameters(call).addresses("addresses")
        try call.requireMore()
        try await control.suppressed(addresses) { entries in
            try await replies.send(["suppressed": .array(entries.map { .object($0.json) })])
        }
        return ["suppressed": []]
    }
}
