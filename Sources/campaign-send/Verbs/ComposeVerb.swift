import CampaignModel
import Glibc
import Mail
import RecipientLists
import Recurrence
import SendProtocol
import SurfaceFiles
import SystemdKit

/// Makes a message as one recipient of an audience would get it, by the code that a send makes it by. No record is
/// made, and nothing sent.
struct ComposeVerb {
    let sender: Sender

    private typealias Refusal = ConfigurationDirectory.Refusal

    /// Stands for an occurrence's key, which makes the Message-ID and can't be known before there is one.
    private static let key = OccurrenceKey("preview")
    /// For the peer to take one piece.
    private static let piecePatience = Duration.seconds(30)

    func run(_ request: ComposeRequest) -> CInt {
        do throws(Refusal) {
            guard let (message, known) = try compose(request) else { return Sender.Exit.done }
            tell(message, known)
        } catch {
            sender.connection.send(.composed(.failed(error.description.cutForDisplay)))
        }
        return Sender.Exit.done
    }

    private func tell(_ message: [UInt8], _ known: ComposedMessage) {
        let connection = sender.connection
        guard connection.deliver(.composed(.composed(known)), within: Self.piecePatience) else { return }
        var rest = message[...]
        while !rest.isEmpty {
            let piece = rest.prefix(ProtocolLimits.pieceBytes)
            rest = rest.dropFirst(piece.count)
            guard connection.deliver(.piece(Array(piece)), within: Self.piecePatience) else { return }
        }
    }

    /// - Returns: nil where nobody waits for it any more.
    private func compose(_ request: ComposeRequest) throws(Refusal) -> ([UInt8], ComposedMessage)? {
        let surface = try sender.configuration.surface(request.surface)
        guard case .mail(let mail) = surface.delivery else {
            throw Refusal(
                description: "surface \(request.surface) is none of mail; only what mail sends is known before")
        }
        let template = try MailDriver.template(of: request.message, title: request.title, by: mail)
        let address = try MailDriver.address(request.recipient)
        let source = try MailDriver.source(
            of: request.audience, try sender.configuration.audience(request.audience))
        guard let (look, fault) = try look(for: address, in: source, of: request.audience) else { return nil }
        let entry = look.entry ?? MailList(of: address).next()
        do throws(MailMessageError) {
            guard let key = Self.key else { preconditionFailure("a word is a key") }
            let message = try template.message(
                to: look.address ?? address, key: key, at: Instant(secondsSinceEpoch: Int64(time(nil)))
            ) { entry?.value($0) }
            let unknown = look.names.isEmpty ? [] : template.columns.filter { !look.names.contains($0) }
            return (
                message.bytes,
                ComposedMessage(
                    size: message.bytes.count, found: look.found, columns: ComposedMessage.cutForAnswer(look.order),
                    unknownTags: ComposedMessage.cutForAnswer(unknown), listFault: fault)
            )
        } catch {
            throw Refusal(description: "\(error)")
        }
    }

    /// - Returns: nil where nobody waits for it any more.
    private func look(
        for address: MailAddress, in source: AudienceSource, of audience: Slug
    ) throws(Refusal) -> (RecipientLook, fault: String?)? {
        let look = RecipientLook(for: address)
        let ending: AudienceRun.Ending
        do throws(SystemError) {
            ending = try AudienceRun(source, of: audience, sender: sender, take: look.take).run()
        } catch {
            // The system is short of something.
            throw Refusal(description: "\(source.name) could not be read now: \(error)")
        }
        if look.lacksAddresses { throw Refusal(description: MailList.noAddresses) }
        switch ending {
        case .read: return (look, nil)
        case .unwanted: return nil
        case .failed(let reason):
            // A list that is slow or broken behind the recipient is worth a word, and no reason to show nothing.
            guard look.found > 0 else { throw Refusal(description: reason) }
            return (look, reason.cutForDisplay)
        }
    }
}
