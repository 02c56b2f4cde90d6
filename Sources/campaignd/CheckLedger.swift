import ArgumentParser
import CampaignStore

/// Looks through a ledger while the daemon runs or not, or through a backup.
struct CheckLedger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-ledger", abstract: "Looks through a ledger, or a backup of one, and changes nothing.",
        discussion: "Ends with 0 for a sound one, and with 1 for one that is damaged or can't be read.")

    @Argument(help: ArgumentHelp(
        "The file. (default: ledger.sqlite in $STATE_DIRECTORY, else in /var/lib/campaignd)", valueName: "file"))
    var file: String?

    func run() throws {
        let path = file ?? "\(Campaignd.systemStateDirectory)/\(Store.fileName)"
        let check: LedgerCheck
        do {
            check = try LedgerCheck(of: path)
        } catch {
            throw Self.failure([error.description])
        }
        guard check.findings.isEmpty else {
            throw Self.failure(check.findings.map { "\(path) is damaged: \($0)" })
        }
        let written = check.newestWrite.map { "last written \($0)" } ?? "never written"
        throw CleanExit.message(
            "\(path) is sound: schema \(check.schema), campaigns: \(check.campaigns), sends: \(check.sends), "
                + "lines of history: \(check.events), \(written)")
    }

    private static func failure(_ lines: [String]) -> ExitCode {
        for line in lines { Campaignd.say(line) }
        return .failure
    }
}
