import CampaignModel
import ControlAPI

/// Sends, and what is asked of them by hand.
extension RecordingControl {
    func send(_ order: SendOrder, of name: Slug, change: Change) async throws(ControlError) -> OrderedSend {
        try await answered(.send(order, name, change), name.text) { state in
            state.ordered.isEmpty ? nil : state.ordered.removeFirst()
        }
    }

    /// Hands its next attempt over at once, as the daemon does where the surface has room: it is claimed with that
    /// number. A dry run shows it as it is until then.
    func retry(_ key: OccurrenceKey, attempt: Int?, change: Change) async throws(ControlError) -> SendView {
        try await answered(.retry(key, attempt: attempt, change), key.text, missing: .send) { state in
            guard let index = state.sends.firstIndex(where: { $0.key == key.text }) else { return nil }
            if let answer = state.retryAnswer { return answer }
            var send = state.sends[index]
            send.state = change.isDryRun && send.attempts > 0 ? .waiting : .claimed
            send.attempts += change.isDryRun ? 0 : 1
            send.reason = nil
            send.endedAt = nil
            if !change.isDryRun { state.sends[index] = send }
            return send
        }
    }

    func proof(
        of name: Slug, to address: ProofAddress, id: RequestID, change: Change
    ) async throws(ControlError) -> SendTestView {
        try await answered(.proof(name, address, id, change), name.text) { state in
            state.tests.isEmpty ? nil : state.tests.removeFirst()
        }
    }

    func testSurface(
        _ name: Slug, to address: ProofAddress?, id: RequestID, change: Change
    ) async throws(ControlError) -> SendTestView {
        try await answered(.testSurface(name, address, id, change), name.text, missing: .surface) { state in
            state.tests.isEmpty ? nil : state.tests.removeFirst()
        }
    }

    func sends(_ query: SendQuery, page: PageRequest) async throws(ControlError) -> Page<SendView> {
        try await answered(.sends(query, page), query.campaign?.text ?? "sends") { state in
            let found = state.sends.filter { send in
                (query.campaign == nil || send.campaign == query.campaign?.text)
                    && (query.states?.contains(send.state) ?? true)
            }
            return Self.page(found, page)
        }
    }
}
