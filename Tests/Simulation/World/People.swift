import CampaignEngine
import CampaignModel
import Recurrence

/// What people do, each deed as one request to the daemon that is there.
struct People {
    let machine: Machine

    private static let anna = Issuer(actor: EventActor(uid: 1_000, name: "anna"), reason: nil)

    func perform(_ deed: PersonDeed) {
        guard let engine = machine.engine else { return }
        let life = machine.life
        machine.judge.figures.commands += 1
        machine.tell { "person \(deed)" }
        Task.detached {
            do throws(EngineError) {
                try await carryOut(deed, engine)
            } catch {
                guard !life.isOver else { return }
                machine.judge.figures.refusals += 1
                if case .ledger = error { machine.judge.note(excuse: "a ledger that failed") }
            }
        }
    }

    private func name(_ number: Int) -> Slug {
        guard let name = Slug("c\(number)") else { preconditionFailure("a letter and a number are a name") }
        return name
    }

    private func id(_ number: Int) -> RequestID {
        guard let id = RequestID("r\(number)") else { preconditionFailure("a letter and a number are an id") }
        return id
    }

    private func carryOut(_ deed: PersonDeed, _ engine: Engine) async throws(EngineError) {
        switch deed {
        case .create(let number, let definition):
            _ = try await engine.create(
                name: name(number), definition: definition, sourceText: nil, by: Self.anna)
        case .apply(let number, let definition):
            _ = try await engine.apply(name: name(number), definition: definition, sourceText: nil, by: Self.anna)
        case .duplicate(let number, let copy):
            _ = try await engine.duplicate(name(number), as: name(copy), by: Self.anna)
        case .stop(let number):
            let life = machine.life
            let answer = try await engine.perform(.stop, on: name(number), by: Self.anna)
            if !life.isOver { machine.judge.stopWasAnswered(answer.campaign.id) }
        case .cancel(let number, let pick):
            let key = pick.flatMap { pickSend(number, $0, { !$0.state.isFinal }) }
            try await command(.cancel(key), number, engine)
        case .retry(let number, let pick):
            guard let key = pickSend(number, pick, { [.failed, .interrupted, .cancelled].contains($0.state) }) else {
                return
            }
            _ = try await engine.retry(key, by: Self.anna)
        case .sendNow(let number, let order, let again):
            try await send(SendOrder(id: id(order), .sendNow(again: again)), number, engine)
        case .trigger(let number, let order, let seconds):
            let at = seconds.map { AskedTime.instant(Instant(secondsSinceEpoch: machine.time.now + $0)) }
            try await send(SendOrder(id: id(order), .trigger(at: at, data: "{\"n\":\(order)}")), number, engine)
        case .putMessage(let number, let publish):
            guard let message = Slug("message\(number)") else { return }
            let file = MessageFile(name: "m.txt", bytes: Array("Hello".utf8))
            let content = MessageContent(subject: nil, text: "Hello", html: nil, file: file)
            _ = try await engine.putMessage(content, as: message, by: Self.anna)
            if publish { _ = try await engine.publishMessage(message, by: Self.anna) }
        case .proof(let number, let order):
            guard let address = try? ProofAddress("anna@example.org", field: "to") else { return }
            _ = try await engine.proof(of: name(number), to: address, id: id(order), by: Self.anna)
        case .testSurface(let number, let order):
            guard let surface = Slug("surface\(number)") else { return }
            _ = try await engine.test(surface, to: nil, id: id(order), by: Self.anna)
        case .check(let number): _ = try await engine.check(name(number))
        case .dryRun(let number):
            _ = try await engine.perform(.stop, on: name(number), by: Self.anna, dryRun: true)
        case .activate(let number): try await command(.activate, number, engine)
        case .unschedule(let number): try await command(.unschedule, number, engine)
        case .modify(let number): try await command(.modify, number, engine)
        case .discard(let number): try await command(.discard, number, engine)
        case .pause(let number): try await command(.pause, number, engine)
        case .resume(let number): try await command(.resume, number, engine)
        case .archive(let number): try await command(.archive, number, engine)
        case .unarchive(let number): try await command(.unarchive, number, engine)
        case .delete(let number): try await command(.delete, number, engine)
        case .acknowledge(let number): try await command(.acknowledge, number, engine)
        case .tag(let number):
            guard let tag = Slug("t\(number % 3)") else { return }
            try await command(.tag(adding: [tag], removing: []), number, engine)
        }
    }

    private func command(_ command: Command, _ number: Int, _ engine: Engine) async throws(EngineError) {
        _ = try await engine.perform(command, on: name(number), by: Self.anna)
    }

    private func send(_ order: SendOrder, _ number: Int, _ engine: Engine) async throws(EngineError) {
        let life = machine.life
        let answer = try await engine.send(order, of: name(number), by: Self.anna)
        if !life.isOver { machine.judge.sendWasAnswered(answer.send.key) }
    }

    /// One of the campaign's sends, as a person would take it from a list.
    private func pickSend(_ number: Int, _ pick: Int, _ isWanted: (Send) -> Bool) -> OccurrenceKey? {
        let name = name(number)
        guard let id = machine.judge.campaigns.values.first(where: { $0.campaign.name == name })?.campaign.id else {
            return nil
        }
        let found = machine.judge.sends.values.map(\.send).filter { $0.campaign == id && isWanted($0) }
        return found.isEmpty ? nil : found.map(\.key).sorted()[pick % found.count]
    }
}
