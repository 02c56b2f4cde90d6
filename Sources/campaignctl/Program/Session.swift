import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

/// One run of a verb: the connection, made when it is first asked for, and the form of what is printed.
struct Session {
    let options: VerbOptions

    var isJSON: Bool { options.json }
    var style: Style { Style(isColoured: options.isColoured) }

    func connect() async throws -> ControlClient {
        try await ControlClient.connect(to: options.socketPath)
    }

    func times() -> Times {
        Times(isUTC: options.utc, socket: options.socketPath)
    }

    /// Tells a failure: as JSON on standard output, else on standard error.
    ///
    /// - Parameter name: what it is about, where the failure does not say so itself.
    func report(_ failure: Failure, about name: String? = nil) throws {
        // Where standard output takes nothing, there is one place left.
        guard isJSON, failure.parameters["error"] != "OutputFailed" else {
            for line in failure.lines { Output.message("campaignctl: \(line)") }
            return
        }
        var failure = failure
        if let name, failure.parameters["name"] == nil { failure.parameters["name"] = .string(name) }
        try Output.line(failure.json.description)
    }

    /// Does the same with several things, one line each, errors included. Where the daemon is gone the rest is not
    /// tried.
    ///
    /// - Throws: the exit code of the first one that failed.
    func forEach(
        _ names: [String], _ body: (String) async throws -> Void
    ) async throws {
        var first: ExitStatus?
        for name in names {
            do {
                try await body(name)
            } catch is Output.Closed {
                // What was asked for is done all the same.
                continue
            } catch let code as ExitCode {
                // The body has told it already.
                first = first ?? ExitStatus(rawValue: code.rawValue)
            } catch {
                let failure = await Failure(error, socket: options.socketPath).suggesting(from: options.socketPath)
                first = first ?? failure.status
                do { try report(failure, about: name) } catch is Output.Closed { continue }
                if failure.status == .unreachable { break }
            }
        }
        if let first { throw first.exitCode }
    }
}

extension VerbOptions {
    /// Runs a verb's body; what it throws is told and becomes the exit code.
    ///
    /// - Parameter isPaged: whether its output may be longer than a screen.
    func run(isPaged: Bool = false, _ body: (Session) async throws -> Void) async throws {
        let session = Session(options: self)
        // Asked before a pager stands in between.
        _ = Terminal.outputColumns
        let pager = isPaged && !noPager && !json ? Pager.start() : nil
        defer { pager?.finish() }
        do {
            try await body(session)
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch is Output.Closed {
            return
        } catch {
            let failure = await Failure(error, socket: socketPath).suggesting(from: socketPath)
            do { try session.report(failure) } catch is Output.Closed {}
            throw failure.status.exitCode
        }
    }
}
