public import CampaignModel
internal import VarlinkKit

/// What people ask of sends by hand, beside ``ControlClient/send(_:of:_:)``.
extension ControlClient {
    /// Tries a send again that has failed, was interrupted or cancelled.
    ///
    /// - Parameter attempt: the number that is asked for: asked for again, it is not begun twice. Nil: the next one.
    /// - Returns: the send as it then is; until its next attempt is handed over, `attempts` is the last one's number.
    public func retry(
        _ key: OccurrenceKey, attempt: Int? = nil, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> Received<SendView> {
        var parameters = options.json
        parameters["key"] = .string(key.text)
        parameters["attempt"] = attempt.map { JSONValue($0) }
        return try JSONFields(try await call(.retry, parameters)).view("send") { (json) throws(ViewError) in
            try Received(json, SendView.init(json:))
        }
    }

    /// Longer than the daemon waits for a sender (300 s), which may read the files of several attempts at a million
    /// recipients before the first of them is told.
    static let recipientsTimeout: Duration = .seconds(330)

    /// What became of each recipient of a send.
    ///
    /// - Parameter states: of those alone; empty: of all.
    public func recipients(of key: OccurrenceKey, states: [RecipientState] = []) -> ToldRecipients {
        let parameters: JSONObject = [
            "key": .string(key.text), "states": states.isEmpty ? .null : JSONValue(states.map(\.rawValue)),
        ]
        return ToldRecipients(replies: callMore(.recipients, parameters, timeout: Self.recipientsTimeout))
    }

    /// Sends a campaign's newest version to one address, marked as a test, and waits for its end, 20 seconds at most.
    ///
    /// - Parameter id: the same one asks for the same proof, and sends it once.
    public func sendProof(
        of name: String, to address: ProofAddress, id: RequestID, reason: String? = nil
    ) async throws -> Received<SendTestView> {
        try await test(.sendProof, name, to: address, id, reason)
    }

    /// Sends a test message over a surface, and waits for its end, 20 seconds at most.
    ///
    /// - Parameters:
    ///   - address: nil where the surface is to show that it works and reach nobody.
    ///   - id: the same one asks for the same test, and sends it once.
    public func testSurface(
        _ name: String, to address: ProofAddress?, id: RequestID, reason: String? = nil
    ) async throws -> Received<SendTestView> {
        try await test(.testSurface, name, to: address, id, reason)
    }

    private func test(
        _ method: ControlMethod, _ name: String, to address: ProofAddress?, _ id: RequestID, _ reason: String?
    ) async throws -> Received<SendTestView> {
        let parameters: JSONObject = [
            "name": .string(name), "to": JSONValue(address?.text), "request_id": .string(id.text),
            "reason": JSONValue(reason),
        ]
        return try JSONFields(try await call(method, parameters)).view("test") { (json) throws(ViewError) in
            try Received(json, SendTestView.init(json:))
        }
    }
}
