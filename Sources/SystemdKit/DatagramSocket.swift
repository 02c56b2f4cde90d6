import CSystemd
import Glibc
import Synchronization

/// A Unix datagram socket, opened when it is first used and kept from then on: whoever tells the manager that it lives,
/// or looks whether journald is there, can still do so when the process has no descriptor left.
///
/// May be used from any thread.
final class DatagramSocket: Sendable {
    private let descriptor = Mutex<CInt?>(nil)
    private let timeoutSeconds: Int

    /// - Parameter timeoutSeconds: How long a call may wait for a receiver that does not read; 0 means for ever.
    init(timeoutSeconds: Int = 0) {
        self.timeoutSeconds = timeoutSeconds
    }

    deinit {
        descriptor.withLock { descriptor in
            if let descriptor { _ = close(descriptor) }
        }
    }

    /// Sends one datagram.
    func send(_ bytes: [UInt8], to address: UnixAddress) throws(SystemError) {
        let descriptor = try opened(for: address)
        let sent = address.withSocketAddress { pointer, length in
            sendto(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL), pointer, length)
        }
        guard sent == bytes.count else { throw SystemError(call: "sendto", object: address.text, code: errno) }
    }

    /// Returns where a datagram socket listens at the address now; nothing is sent.
    func reach(_ address: UnixAddress) throws(SystemError) {
        let descriptor = try opened(for: address)
        // Again each time: a receiver that was started anew has another socket at the same path.
        let result = address.withSocketAddress { connect(descriptor, $0, $1) }
        guard result == 0 else { throw SystemError(call: "connect", object: address.text, code: errno) }
    }

    private func opened(for address: UnixAddress) throws(SystemError) -> CInt {
        try descriptor.withLock { kept throws(SystemError) in
            if let kept { return kept }
            let new = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            guard new >= 0 else { throw SystemError(call: "socket", object: address.text, code: errno) }
            var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
            guard setsockopt(new, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size)) == 0
            else {
                let code = errno
                close(new)
                throw SystemError(call: "setsockopt", object: address.text, code: code)
            }
            kept = new
            return new
        }
    }
}
