public import CampaignModel

/// Proofs of campaigns and tests of surfaces: marked, outside every schedule and cap, and waited for. Nobody's clock or
/// ledger is a reason to hold them: a person asks for each, and no audience gets any.
extension Engine {
    /// Tests under way at once; each is a process of the sender's, and a person waits for it.
    static let testLimit = 4

    /// Sends what the campaign's newest version says to one address.
    ///
    /// - Returns: how it ended, and the version.
    /// - Throws: ``EngineError/refused(_:)`` with the checks that keep it from being sent at all.
    public func proof(
        of name: Slug, to address: ProofAddress, id: RequestID, by issuer: Issuer
    ) async throws(EngineError) -> (result: SendTestResult, version: Int) {
        let state = try state(of: name)
        guard let version = state.campaign.draft ?? state.campaign.live else {
            preconditionFailure("\(name) has neither a live version nor a draft")
        }
        let content = version.content
        guard let surface = content.surface, let known = rules.catalogue.surfaces[surface],
            content.channel == nil || content.channel == known.channel, let message = try newestMessage(content.message)
        else {
            let found = Lifecycle.checks(of: state, at: clock.read().now, under: rules)
            throw .refused(.checksFailed(found.filter { Self.codesThatForbidAProof.contains($0.code) }))
        }
        let test = SendTest(
            id: id,
            .proof(
                of: state.campaign.id, version: version.number,
                MessageReference(name: message.name, revision: message.revision), to: address))
        let about = EventCampaign(
            id: state.campaign.id, name: name, title: content.title, version: version.number)
        let request = HandOver(
            attempt: Attempt(key: test.key, number: 1), campaign: name, title: content.title, version: version.number,
            channel: known.channel, surface: surface, audience: nil, address: address, message: message, origin: .test,
            due: clock.read().now)
        let result = try await carryOut(request, by: issuer, about: about, as: "proof of version \(version.number)")
        return (result, version.number)
    }

    private static let codesThatForbidAProof: Set<AlertCode> = [.messageMissing, .surfaceMissing, .surfaceWrongChannel]

    private func newestMessage(_ name: Slug?) throws(EngineError) -> Message? {
        guard let name else { return nil }
        do {
            guard let revision = try ledger.newestRevision(of: name) else { return nil }
            return try ledger.message(MessageReference(name: name, revision: revision))
        } catch {
            throw .ledger(error)
        }
    }

    /// Sends a message of ours through a surface: to an address, or to nobody.
    public func test(
        _ surface: Slug, to address: ProofAddress?, id: RequestID, by issuer: Issuer
    ) async throws(EngineError) -> SendTestResult {
        guard let known = rules.catalogue.surfaces[surface] else { throw .noSurface(surface) }
        guard let name = Slug("campaignd") else { preconditionFailure("campaignd is a name") }
        let test = SendTest(id: id, .surface(surface, to: address))
        let request = HandOver(
            attempt: Attempt(key: test.key, number: 1), campaign: name, title: nil, version: 1, channel: known.channel,
            surface: surface, audience: nil, address: address,
            message: Message(name: name, revision: 1, isPublished: true, content: SendTest.content(for: surface)),
            origin: .test, due: clock.read().now)
        return try await carryOut(request, by: issuer, about: nil, as: "test of surface \(surface)")
    }

    private func carryOut(
        _ request: HandOver, by issuer: Issuer, about campaign: EventCampaign?, as what: String
    ) async throws(EngineError) -> SendTestResult {
        guard testsUnderWay < Self.testLimit else {
            throw .refused(.held(name: "tests", why: "\(testsUnderWay) tests are under way; wait for one to end"))
        }
        testsUnderWay += 1
        defer { testsUnderWay -= 1 }
        let answer: TestAnswer
        do {
            answer = try await launcher.test(request)
        } catch {
            throw .refused(.held(
                name: AlertCode.launcherDown.rawValue, why: "the sender does not answer: \(error.reason)"))
        }
        if !answer.isRepeated { try note(answer, of: request, by: issuer, about: campaign, as: what) }
        return SendTestResult(
            key: request.attempt.key, surface: request.surface,
            message: MessageReference(name: request.message.name, revision: request.message.revision),
            outcome: answer.outcome, progress: answer.progress)
    }

    private func note(
        _ answer: TestAnswer, of request: HandOver, by issuer: Issuer, about campaign: EventCampaign?, as what: String
    ) throws(EngineError) {
        let end = answer.outcome?.end
        // The address is somebody's, and the history is for ever: it is not told.
        let event = Event(
            .tested, at: clock.read().now, campaign: campaign, key: request.attempt.key, outcome: end?.state,
            actor: issuer.actor, reason: end?.reason ?? issuer.reason,
            text: "\(what): \(end?.state.rawValue ?? "under way")\(end?.reason.map { ": \($0)" } ?? "")")
        do {
            try ledger.append([event], at: event.at)
        } catch {
            throw .ledger(error)
        }
        settle()
    }
}

extension AttemptOutcome {
    /// What it is where no further attempt follows.
    var end: (state: SendState, reason: String?) {
        switch self {
        case .sent: (.sent, nil)
        case .failed(let reason), .temporary(let reason, _): (.failed, reason)
        case .interrupted(let reason): (.interrupted, reason)
        case .cancelled(let reason), .revoked(let reason): (.cancelled, reason)
        }
    }
}
