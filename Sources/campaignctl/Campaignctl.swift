import ArgumentParser
import ControlAPI
import Glibc

/// The program: its verbs, and how it ends.
///
/// Each verb writes its name down. Made of its type's name, by the argument parser, those of all of them took two
/// thirds of every start.
@main
struct Campaignctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaignctl",
        abstract: "Plans, starts and watches campaigns.",
        discussion: """
            campaignctl talks to campaignd over its socket. Exit status: 0 done, 1 refused, 2 usage, 3 not found, \
            4 campaignd can't be reached, 5 access denied.
            """,
        version: Release.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Campaigns",
                subcommands: [List.self, Show.self, Create.self, Apply.self, Edit.self, Diff.self, Tag.self]),
            CommandGroup(
                name: "Their life",
                subcommands: [
                    Activate.self, Unschedule.self, Modify.self, Discard.self, Stop.self, Pause.self, Resume.self,
                    Duplicate.self, Archive.self, Unarchive.self, Delete.self,
                ]),
            CommandGroup(
                name: "What is to come",
                subcommands: [Next.self, Preview.self, Check.self, CalendarVerb.self, Simulate.self, Export.self]),
            CommandGroup(
                name: "What happens",
                subcommands: [
                    Trigger.self, SendNow.self, Sends.self, Watch.self, Retry.self, Cancel.self, Log.self,
                    Alerts.self, Ack.self,
                ]),
            CommandGroup(
                name: "What they refer to",
                subcommands: [MessageVerbs.self, SurfaceVerbs.self, AudienceVerbs.self, SuppressVerbs.self]),
            CommandGroup(
                name: "The daemon",
                subcommands: [StatusVerb.self, Metrics.self, Backup.self, AdoptLedger.self, AcceptClock.self]),
            CommandGroup(name: "The shell", subcommands: [Completion.self, Complete.self]),
        ])

    /// Like the argument parser's own, with our exit codes.
    static func main() async {
        // A closed pipe is told by write(2), so that a change of several campaigns is not torn in the middle.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(error)
        }
    }

    private static func end(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        let message = fullMessage(for: error)
        if code.isSuccess {
            try? Output.line(message)
        } else if !message.isEmpty {
            Output.message(UnknownWord(in: CommandLine.arguments)?.description ?? Self.shown(message))
        }
        Glibc.exit(code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue)
    }

    /// All errors begin alike.
    private static func shown(_ message: String) -> String {
        guard message.hasPrefix("Error: ") else { return message }
        return "campaignctl: " + UnknownValue.suggesting(in: String(message.dropFirst("Error: ".count)))
    }
}
