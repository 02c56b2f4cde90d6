import ArgumentParser
import CampaignModel
import ControlAPI

struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Tries sends again that have failed, were interrupted or cancelled.",
        discussion: """
            Their campaigns are active. A send keeps its key and takes its next attempt number; campaignctl sends \
            tells the keys. One that was interrupted may have reached some of its recipients already.

            Example: campaignctl retry dm3c7dgx5cmy3tzrspm6rkm4oy/now/order-1815 --reason "mail server is back"
            """)

    @Argument(help: ArgumentHelp("The sends' keys.", valueName: "key"))
    var keys: [String]

    @Option(
        help: ArgumentHelp(
            "The attempt that is asked for. The same command again, for an answer that was lost, begins no second one.",
            valueName: "n"))
    var attempt: Int?

    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        if change.revision != nil, keys.count > 1 { throw ValidationError("--revision goes with one key only") }
        guard let attempt else { return }
        if keys.count > 1 { throw ValidationError("--attempt goes with one key only") }
        try Limit.validate("--attempt", attempt, in: 1...Send.attemptLimit)
    }

    func run() async throws {
        try await options.run { session in
            let client = try await session.connect()
            try await session.forEach(keys) { text in
                let send = try await client.retry(try SendKey.read(text), attempt: attempt, change.options)
                if session.isJSON { return try Output.line(send.json) }
                try Output.line(line(send.view))
            }
        }
    }

    /// `spring-newsletter: attempt 2 of … is under way`
    private func line(_ send: SendView) -> String {
        // That attempt was asked for before, and is over.
        if send.state.isFinal {
            return "\(send.campaign): attempt \(send.attempts) of \(send.key) has ended: \(SendWords.state(send))"
        }
        let what =
            if change.dryRun {
                "would begin"
            } else if send.state == .queued || send.state == .waiting {
                "is \(SendWords.state(send))"
            } else {
                "is under way"
            }
        return "\(send.campaign): attempt \(number(of: send)) of \(send.key) \(what)"
    }

    /// The attempt that is asked for: the send's own number once it is handed over, until then the one after it.
    private func number(of send: SendView) -> Int {
        switch send.state {
        case .waiting, .queued: send.attempts + 1
        // Claimed without an attempt: its first one is to come.
        case .claimed, .running, .sent, .failed, .missed, .skipped, .cancelled, .interrupted: max(send.attempts, 1)
        }
    }
}
