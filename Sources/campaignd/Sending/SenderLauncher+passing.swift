import CampaignEngine
import SendProtocol

extension SenderLauncher {
    /// Asks what is answered piece by piece, and passes the pieces on to somebody who may give up.
    ///
    /// - Parameter take: gets each answer; the next one comes when it has returned.
    /// - Throws: ``LauncherError``, and what `take` throws.
    func askPassing(
        _ request: SenderRequest, within timeout: Duration, _ take: (SenderAnswer) async throws -> Appetite
    ) async throws {
        var fault: (any Error)?
        do {
            try await ask(request, within: timeout) { answer in
                do {
                    return try await take(answer)
                } catch {
                    fault = error
                    return .failure("nobody takes them")
                }
            }
        } catch {
            throw fault ?? error
        }
    }
}
