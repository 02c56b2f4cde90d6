import CampaignModel
import Glibc
import SendProtocol
import SendRecords
import SystemdKit

/// The peer that asked: one request is read, answers are written. A peer that stalls or goes away costs the send
/// nothing: what it does not take is kept in one buffer, and newer progress replaces what waits.
final class Connection: AnswerPeer {
    let descriptor: CInt
    private var outgoing: [UInt8] = []
    private var waiting: SendProgress?
    private(set) var isLost = false

    /// A peer on the same machine has its request ready; one that takes longer hangs.
    private static let requestPatience = Duration.seconds(30)
    /// For a peer that takes nothing more: it asks again.
    private static let finishPatience = Duration.seconds(10)
    private static let pieceBytes = 64 * 1_024

    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Who connected: root, the own user and `campaignd` may ask. SO_PEERCRED of unix(7).
    func isAllowed() throws(SystemError) -> Bool {
        // struct ucred: pid, uid, gid.
        var credentials: (pid: Int32, uid: uid_t, gid: gid_t) = (0, uid_t.max, gid_t.max)
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
            throw SystemError(call: "getsockopt SO_PEERCRED", object: "descriptor \(descriptor)", code: errno)
        }
        if credentials.uid == 0 || credentials.uid == getuid() { return true }
        return getpwnam("campaignd").map { $0.pointee.pw_uid == credentials.uid } ?? false
    }

    /// - Returns: nil where the peer ended, or took too long, before its request was whole.
    func readRequest() throws(FrameError) -> Frame? {
        var decoder = FrameDecoder(bodyLimit: ProtocolLimits.bodyBytes)
        let deadline = ContinuousClock.now + Self.requestPatience
        while ContinuousClock.now < deadline {
            let happened = Poll.wait([(descriptor, POLLIN)], timeout: deadline - ContinuousClock.now)
            guard happened[0] != 0 else { continue }
            let (piece, count) = [UInt8].filled(upTo: Self.pieceBytes) { recv(descriptor, $0, $1, CInt(MSG_DONTWAIT)) }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            guard count > 0 else { return nil }
            if let frame = try decoder.read(piece).first { return frame }
        }
        return nil
    }

    /// Whether the peer has gone, as far as can be told without writing.
    var hasEnded: Bool { isLost || Poll.wait([(descriptor, 0)], timeout: .zero)[0] & (POLLHUP | POLLERR) != 0 }

    /// Whether it is worth waiting until the peer can take more.
    var wantsToWrite: Bool { !isLost && !outgoing.isEmpty }

    func send(_ answer: SenderAnswer) {
        guard !isLost else { return }
        do throws(FrameError) {
            outgoing += try answer.frame().bytes
        } catch {
            // All texts in answers are bounded; a peer is better cut off than told half of something.
            lose()
        }
        flush()
    }

    /// Sends the progress now, or, while the peer takes nothing, keeps the newest one for later.
    func offer(_ progress: SendProgress) {
        if outgoing.isEmpty { send(.progress(progress)) } else { waiting = progress }
    }

    /// Writes what the peer takes without waiting.
    func flush() {
        while !isLost && !outgoing.isEmpty {
            let count = outgoing.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
            }
            if count >= 0 {
                outgoing.removeFirst(count)
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                lose()
            }
            if outgoing.isEmpty, let progress = waiting {
                waiting = nil
                send(.progress(progress))
            }
        }
    }

    func finish() { finish(within: Self.finishPatience) }

    /// Waits until all is written, the peer is gone, or `patience` is over.
    func finish(within patience: Duration) {
        let deadline = ContinuousClock.now + patience
        while wantsToWrite, ContinuousClock.now < deadline {
            _ = Poll.wait([(descriptor, POLLOUT)], timeout: deadline - ContinuousClock.now)
            flush()
        }
    }

    /// Tells one of several answers, of which half is worth nothing, nor what would follow it.
    ///
    /// - Returns: whether the peer has taken it within `patience`.
    func deliver(_ answer: SenderAnswer, within patience: Duration) -> Bool {
        send(answer)
        finish(within: patience)
        if wantsToWrite { lose() }
        return !isLost
    }

    /// The peer is gone or of no use; nothing more is written.
    func lose() {
        isLost = true
        outgoing = []
        waiting = nil
    }
}
