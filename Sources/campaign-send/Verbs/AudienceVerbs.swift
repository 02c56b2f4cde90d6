import CampaignModel
import RecipientLists
import SendProtocol
import SurfaceFiles
import SystemdKit

/// The verbs that look at an audience, make no record and send nothing: `count` and `sample`.
struct AudienceVerbs {
    let sender: Sender

    private enum Look {
        case read
        case onlyTheSurfaceKnows
        case failed(String)
        case unwanted
    }

    func count(_ name: Slug) -> CInt {
        var count = 0
        let look = read(name) { _ in
            count += 1
            return true
        }
        switch look {
        case .read: return tell(.count(.counted(count)))
        case .onlyTheSurfaceKnows: return tell(.count(.onlyTheSurfaceKnows))
        case .failed(let reason): return tell(.count(.failed(reason)))
        case .unwanted: return Sender.Exit.done
        }
    }

    /// - Parameter limit: one of ``AudienceSample/allowedLimits``.
    func sample(_ name: Slug, limit: Int) -> CInt {
        // Cut one by one: a hundred whole recipients may have a hundred MiB.
        var found: [Recipient] = []
        let look = read(name) { record in
            found.append(record.recipient.cutForAnswer)
            return found.count < limit
        }
        switch look {
        case .read: return tell(.sample(AudienceSample.recipients(found).cutForAnswer))
        case .onlyTheSurfaceKnows: return tell(.sample(.onlyTheSurfaceKnows))
        case .failed(let reason): return tell(.sample(.failed(reason)))
        case .unwanted: return Sender.Exit.done
        }
    }

    private func read(_ name: Slug, _ take: @escaping (RecipientRecord) -> Bool) -> Look {
        let source: AudienceSource
        do throws(ConfigurationDirectory.Refusal) {
            switch try sender.configuration.audience(name) {
            case .file(let path): source = .file(path)
            case .command(let words): source = .command(words)
            case .reference: return .onlyTheSurfaceKnows
            }
        } catch {
            return .failed(error.description.cutForDisplay)
        }
        do throws(SystemError) {
            return switch try AudienceRun(source, of: name, sender: sender, take: take).run() {
            case .read: .read
            case .failed(let reason): .failed(reason.cutForDisplay)
            case .unwanted: .unwanted
            }
        } catch {
            // The system is short of something.
            return .failed("\(source.name) could not be read now: \(error)".cutForDisplay)
        }
    }

    private func tell(_ answer: SenderAnswer) -> CInt {
        sender.connection.send(answer)
        return Sender.Exit.done
    }
}
