import CampaignModel
import ControlAPI
import Recurrence
import VarlinkKit

/// Looks at the sends in a scope again and again, and shows what is new.
struct WatchLoop {
    let scope: WatchScope
    let time: any WatchTime
    let display: any WatchDisplay
    let connect: () async throws -> ControlClient

    /// Between two looks: as often as a person reads numbers.
    static let interval: Duration = .seconds(1)
    /// How long a daemon may be away: longer than a restart takes.
    static let patience: Duration = .seconds(60)
    /// Open sends that one look takes in, twenty replies of the daemon.
    static let openLimit = 10_000
    /// Ended sends among which one that was open is looked for.
    static let endedLimit = 1_000
    /// From more campaigns than these, ended sends are looked for among all.
    static let campaignLimit = 16

    /// Returns when something is named and none of it is open any more.
    ///
    /// - Throws: the last error of a daemon that was away for too long, what the daemon refuses, `Output.Closed`.
    func run() async throws {
        var client: ControlClient? = try await connect()
        var watched = WatchedSends()
        var awaySince: Duration?
        var isFirst = true
        var surroundings = WatchSurroundings()
        while true {
            do {
                let present: ControlClient
                if let client { present = client } else { present = try await connect() }
                client = present
                // As they were when it began, or the daemon came back.
                if isFirst || awaySince != nil { surroundings.rates = try await WatchSurroundings.rates(present) }
                if isFirst { try await findKeys(present) }
                let seen = try await look(present, &watched, &surroundings)
                if display.showsOverview { display.note(try await WatchOverview.look(present)) }
                if awaySince != nil { display.say("campaignd is back") }
                awaySince = nil
                try display.show(seen, open: watched.open, at: time.now)
                if scope.isNamed, watched.isEmpty {
                    if isFirst { display.say("Nothing of \(scope) is being sent; campaignctl sends tells what was.") }
                    break
                }
                isFirst = false
            } catch where Self.isAway(error) {
                if isFirst { throw error }
                if let since = awaySince {
                    if time.elapsed - since >= Self.patience { throw error }
                } else {
                    awaySince = time.elapsed
                    let seconds = Self.patience.components.seconds
                    display.say("campaignd went away (\(error)); trying again for \(seconds) s")
                }
                await client?.close()
                client = nil
            }
            try await time.rest(Self.interval)
        }
        await client?.close()
    }

    /// Whether the daemon has stopped, or is about to.
    private static func isAway(_ error: any Error) -> Bool {
        switch error {
        case is VarlinkClientError: true
        case let reply as VarlinkErrorReply:
            reply.name.hasSuffix(".Held") && reply.parameters["name"] == "stopping"
        default: false
        }
    }
}

// MARK: - One look

extension WatchLoop {
    private static let openStates = SendState.allCases.filter { !$0.isFinal }
    private static let finalStates = SendState.allCases.filter(\.isFinal)

    private func look(
        _ client: ControlClient, _ watched: inout WatchedSends, _ surroundings: inout WatchSurroundings
    ) async throws -> WatchedSends.News {
        var open: [SeenSend] = []
        // A key says nothing of its campaign's name.
        let names: [String?] = scope.isNamed && scope.keys.isEmpty ? scope.names : [nil]
        for name in names {
            for try await send in client.sends(of: name, states: Self.openStates, limit: Self.openLimit)
            where scope.includes(send.view) {
                open.append(SeenSend(send))
            }
        }
        let sending = Set(open.filter { $0.view.state == .running }.map(\.view.campaign))
        surroundings.lateCampaigns = sending.isEmpty
            ? [] : try await WatchSurroundings.lateCampaigns(client, of: sending.count == 1 ? sending.first : nil)
        let ended = try await ended(watched.missing(from: open), client)
        return watched.take(open: open, ended: ended, in: surroundings, at: time.elapsed)
    }

    /// Those of the missing sends that have ended, as they have.
    private func ended(_ missing: [SendView], _ client: ControlClient) async throws -> [SeenSend] {
        let campaigns = Set(missing.map(\.campaign)).sorted()
        let names: [String?] = campaigns.count > Self.campaignLimit ? [nil] : campaigns
        var found: [SeenSend] = []
        for name in names {
            var keys = Set(missing.filter { name == nil || $0.campaign == name }.map(\.key))
            for try await send in client.sends(of: name, states: Self.finalStates, limit: Self.endedLimit) {
                if keys.remove(send.view.key) != nil { found.append(SeenSend(send)) }
                if keys.isEmpty { break }
            }
        }
        return found
    }

    /// Whether there are sends with the keys, and campaigns with the names, that are to be watched.
    ///
    /// - Throws: ``Failure`` of a key that nothing has, the daemon's refusal of a name that nothing has.
    private func findKeys(_ client: ControlClient) async throws {
        guard !scope.keys.isEmpty else { return }
        for name in scope.names { for try await _ in client.sends(of: name, limit: 1) {} }
        var keys = scope.keys
        for states in [Self.openStates, Self.finalStates] {
            for try await send in client.sends(states: states, limit: Self.openLimit) {
                keys.remove(send.view.key)
                if keys.isEmpty { return }
            }
        }
        throw Failure(
            .notFound, text: "there is no send \"\(keys.sorted()[0])\" that is open or has ended of late",
            parameters: ["error": "NotFound", "kind": "send", "name": .string(keys.sorted()[0])])
    }
}
