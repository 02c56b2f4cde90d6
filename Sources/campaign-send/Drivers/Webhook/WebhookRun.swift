import CampaignModel
import Glibc
import SendProtocol
import SurfaceFiles

/// A webhook's request under way: one loop over all that can happen to it.
final class WebhookRun {
    private let send: RunningSend
    private let transfer: CurlTransfer
    private let redaction: Redaction
    private let timeout: Duration
    private let started = ContinuousClock.now

    init(send: RunningSend, transfer: CurlTransfer, redaction: Redaction, timeout: Duration) {
        self.send = send
        self.transfer = transfer
        self.redaction = redaction
        self.timeout = timeout
    }

    func run() -> WebhookEnd {
        do throws(CurlLibrary.Failure) {
            while try !transfer.advance() {
                if let reason = reasonToEnd() { return .stopped(reason, mayBeWritten: transfer.mayBeWritten) }
                try transfer.wait(for: interests(), timeout: started + timeout - ContinuousClock.now)
                send.connection.flush()
            }
            return .answered(answer())
        } catch {
            // A wish that came right before the request would have been written is what ended it.
            if let reason = send.stop.look() { return .stopped(reason, mayBeWritten: transfer.mayBeWritten) }
            return .lost(redaction.clean(error.description), mayBeWritten: transfer.mayBeWritten)
        }
    }

    private func reasonToEnd() -> StopReason? {
        send.stop.look() ?? (ContinuousClock.now >= started + timeout ? .timeout(timeout) : nil)
    }

    private func interests() -> [(descriptor: CInt, events: Int32)] {
        var interests: [(descriptor: CInt, events: Int32)] = [
            (send.stop.signals.descriptor, POLLIN), (send.stop.wishes.descriptor, POLLIN),
        ]
        if send.connection.wantsToWrite { interests.append((send.connection.descriptor, POLLOUT)) }
        return interests
    }

    private func answer() -> WebhookAnswer {
        var answer = WebhookAnswer(
            status: transfer.status, body: redaction.clean(transfer.body, isCut: transfer.isCut),
            isCut: transfer.isCut)
        answer.retryAfterSeconds = transfer.header("Retry-After").flatMap {
            WebhookAnswer.retryAfter($0, now: Int64(time(nil)), date: transfer.seconds(ofDate:))
        }
        answer.redirectHost = transfer.redirect.flatMap(WebAddress.host(of:)).map(redaction.clean)
        return answer
    }
}
