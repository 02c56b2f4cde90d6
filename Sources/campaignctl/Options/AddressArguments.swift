import ArgumentParser
import CampaignModel

/// Addresses on the command line, or one a line on standard input.
struct AddressArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The addresses; - reads them from standard input, one a line.", valueName: "address"))
    var addresses: [String]

    func validate() throws {
        try OptionalAddressArguments.validate(addresses)
    }

    func read() throws(Failure) -> [NumberedSuppression] { try OptionalAddressArguments.read(addresses) }
}

/// The same where there may be none.
struct OptionalAddressArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Of these alone; - reads them from standard input, one a line.", valueName: "address"))
    var addresses: [String] = []

    func validate() throws {
        try Self.validate(addresses)
    }

    func read() throws(Failure) -> [NumberedSuppression] { try Self.read(addresses) }

    fileprivate static func validate(_ addresses: [String]) throws {
        if addresses.contains("-"), addresses.count > 1 {
            throw ValidationError("- stands for all addresses; give no others beside it")
        }
    }

    fileprivate static func read(_ addresses: [String]) throws(Failure) -> [NumberedSuppression] {
        if addresses == ["-"] { return try SuppressionFile.readLines() }
        return addresses.map { NumberedSuppression(suppression: Suppression(address: $0), line: nil) }
    }
}

/// What all changes of suppressions may be told.
struct SuppressionChoices: ParsableArguments {
    @Flag(help: "Pass over what is no address; else nothing is changed.")
    var skipInvalid = false

    @Flag(help: "Show what would be, and change nothing.")
    var dryRun = false
}
