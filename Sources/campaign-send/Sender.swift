import CampaignModel
import CProcess
import Glibc
import SendProtocol
import SendRecords
import SystemdKit

/// The process: one connection, one request.
struct Sender {
    let options: SenderOptions
    let state: StateDirectory
    let configuration: ConfigurationDirectory
    let connection: Connection
    let fault: FaultPoint?

    /// Exit statuses. Nobody but the journal sees them under systemd.
    enum Exit {
        static let done: CInt = 0
        /// A record could not be read or an outcome not be written.
        static let trouble: CInt = 1
        static let usage: CInt = 2
        /// EX_NOPERM of sysexits(3).
        static let refusedPeer: CInt = 77

        static func status(_ ending: RecordKeeper.Ending) -> CInt {
            switch ending {
            case .done: done
            case .trouble: trouble
            case .unusable: usage
            }
        }
    }

    /// - Parameter arguments: without the program's name.
    static func run(_ arguments: [String]) -> CInt {
        if arguments == ["--help"] {
            print(SenderOptions.usage, terminator: "")
            return Exit.done
        }
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow any more (setrlimit(2)) is a write that fails, as on a full disk.
        signal(SIGXFSZ, SIG_IGN)
        do {
            let options = try SenderOptions(arguments)
            let fault = try FaultPoint.fromEnvironment()
            // Also where the command line names the connection: surfaces must not inherit these variables.
            let service = try ServiceEnvironment.take()
            guard let descriptor = try options.connection ?? service.connection()?.descriptor else {
                throw FieldError("--connection", nil, "is missing, and systemd passed no connection")
            }
            guard let statePath = options.statePath else { throw FieldError("--state-dir", nil, "is missing") }
            guard let configurationPath = options.configurationPath else {
                throw FieldError("--config-dir", nil, "is missing")
            }
            closeOthers(than: descriptor)
            return Sender(
                options: options, state: StateDirectory(path: statePath, disk: SystemDisk()),
                configuration: ConfigurationDirectory(
                    path: configurationPath, takesOwnFiles: options.connection != nil),
                connection: Connection(descriptor: descriptor), fault: fault
            ).answer()
        } catch {
            complain("\(error)")
            complain("see campaign-send --help")
            return Exit.usage
        }
    }

    /// The surface gets no descriptor that this process did not open, and ours are below the numbers that it gets.
    private static func closeOthers(than connection: CInt) {
        if connection > 3 { _ = cprocess_close_range(3, UInt32(connection - 1)) }
        _ = cprocess_close_range(UInt32(connection + 1), UInt32.max)
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    }

    static func complain(_ text: String) {
        let line = Array("campaign-send: \(text.escapedForDisplay)\n".utf8)
        // A complaint that nobody can be told is survived.
        _ = write(STDERR_FILENO, line, line.count)
    }

    private func answer() -> CInt {
        do {
            guard try connection.isAllowed() else {
                return refuse("only root, user \(getuid()) and campaignd may ask", Exit.refusedPeer)
            }
        } catch {
            return refuse("\(error)", Exit.refusedPeer)
        }
        let status: CInt
        do {
            guard let frame = try connection.readRequest() else { return Exit.done }
            fault?.reach("request-read")
            status = try answer(frame)
        } catch {
            return refuse("\(error)", Exit.usage)
        }
        connection.finish()
        return status
    }

    private func answer(_ frame: Frame) throws(MalformedRequest) -> CInt {
        let keeper = RecordKeeper(
            state: state, peer: connection, complain: { Self.complain($0) }, reach: { [fault] in fault?.reach($0) })
        let surfaces = Surfaces(sender: self)
        let request: SenderRequest
        do throws(MalformedRequest) {
            request = try SenderRequest(frame)
        } catch {
            guard let attempt = error.attempt else { throw error }
            return Exit.status(keeper.refuse(attempt, reason: error.description, through: surfaces))
        }
        switch request {
        case .follow(let attempt): return FollowVerb(sender: self).run(attempt)
        case .count(let audience): return AudienceVerbs(sender: self).count(audience)
        case .sample(let audience, let limit): return AudienceVerbs(sender: self).sample(audience, limit: limit)
        case .recipients(let key, let states): return RecipientsVerb(sender: self).run(key, states: states)
        case .suppress(let order): return SuppressionVerbs(sender: self).change(order)
        case .suppressed(let addresses): return SuppressionVerbs(sender: self).tell(addresses)
        case .compose(let asked): return ComposeVerb(sender: self).run(asked)
        case .send, .query, .cancel, .revoke, .forget:
            guard let ending = keeper.answer(request, through: surfaces) else {
                preconditionFailure("the records answer what is asked of them")
            }
            return Exit.status(ending)
        }
    }

    private func refuse(_ reason: String, _ status: CInt) -> CInt {
        Self.complain("request refused: \(reason)")
        connection.send(.refused(reason: reason.cutForDisplay))
        connection.finish()
        return status
    }

    /// Nothing began, and the same request may be made again.
    func busy(_ error: SystemError) -> CInt {
        Self.complain("not done now: \(error)")
        connection.send(.busy(reason: error.description.cutForDisplay))
        return Exit.trouble
    }
}
