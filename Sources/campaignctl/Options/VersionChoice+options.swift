import ArgumentParser
import ControlAPI

/// The options that name one of a campaign's contents: `--live`, `--draft` and `--version`.
extension VersionChoice {
    init(_ which: Show.Which?, number: Int?) {
        self =
            switch (which, number) {
            case (.live?, _): .live
            case (.draft?, _): .draft
            case (nil, let number?): .number(number)
            case (nil, nil): .current
            }
    }

    static func validate(_ which: Show.Which?, number: Int?) throws {
        if which != nil, number != nil {
            throw ValidationError("--version stands beside --live or --draft; use one of them")
        }
        if let number, number < 1 {
            throw ValidationError("--version: \(number) is out of range; allowed is 1 and more")
        }
    }
}
