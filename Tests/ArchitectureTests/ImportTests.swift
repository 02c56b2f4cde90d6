import Testing

/// The table of docs/architecture.md, held: what each module may import. What a module must not know, it can't.
@Suite("Modules import what they may")
struct ImportTests {
    /// What every layer may use of the system; the pure ones less.
    private static let system: Set = ["Dispatch", "FoundationEssentials", "Glibc", "Synchronization"]

    private static let allowed: [String: Set<String>] = [
        "Recurrence": ["Glibc", "Synchronization"],
        "JSONTokens": ["Glibc"],
        "Spelling": [],
        "StrictYAML": ["CYAML", "Spelling"],
        "CampaignModel": ["Recurrence", "Spelling"],
        "CampaignEngine": ["CampaignModel", "Recurrence", "Synchronization"],
        "CampaignStore": system.union([
            "CampaignEngine", "CampaignModel", "Foundation", "GRDB", "GRDBSQLite", "Recurrence",
        ]),
        // Neither it nor campaign-send, which starts anew for each send, may load Foundation.
        "SendProtocol": ["CampaignModel", "Glibc", "JSONTokens", "Recurrence", "Synchronization"],
        "SendRecords": ["CProcess", "CampaignModel", "Glibc", "Recurrence", "SendProtocol", "SystemdKit"],
        "Mail": ["CampaignModel", "Recurrence"],
        "RecipientLists": ["CampaignModel", "JSONTokens"],
        "SurfaceFiles": ["CampaignModel", "Mail", "StrictYAML"],
        "SystemdKit": ["CSystemd", "Dispatch", "Glibc", "Synchronization"],
        "VarlinkKit": system.union(["JSONTokens", "NIOConcurrencyHelpers", "NIOCore", "NIOPosix"]),
        "ControlAPI": system.union(["CampaignModel", "Recurrence", "VarlinkKit"]),
        "campaignd": system.union([
            "ArgumentParser", "CTasks", "CampaignEngine", "CampaignModel", "CampaignStore", "ControlAPI", "Foundation",
            "NIOCore", "NIOPosix", "Recurrence", "SendProtocol", "Spelling", "StrictYAML", "SurfaceFiles",
            "SystemdKit", "VarlinkKit",
        ]),
        "campaignctl": system.union([
            "ArgumentParser", "CampaignModel", "ControlAPI", "JSONTokens", "RecipientLists", "Recurrence", "Spelling",
            "StrictYAML", "VarlinkKit",
        ]),
        "campaign-send": [
            "CCurl", "CProcess", "CampaignModel", "Glibc", "Mail", "RecipientLists", "Recurrence", "SendProtocol",
            "SendRecords", "StrictYAML", "SurfaceFiles", "SystemdKit",
        ],
    ]

    @Test("every module of Sources/ stands in the table")
    func everyModule() throws {
        let modules = Set(try SourceTree.swiftFiles(in: "Sources").map(\.module))
        #expect(modules == Set(Self.allowed.keys))
    }

    @Test("no file imports what its module may not", arguments: allowed.keys.sorted())
    func imports(module: String) throws {
        let allowed = try #require(Self.allowed[module])
        for file in try SourceTree.swiftFiles(in: "Sources/\(module)") {
            for line in file.lines {
                guard let name = Self.imported(by: line) else { continue }
                #expect(allowed.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test("the store knows of the engine only the port that it implements, in one file")
    func storeAndEngine() throws {
        let importing = try SourceTree.swiftFiles(in: "Sources/CampaignStore").filter { file in
            file.lines.contains { Self.imported(by: $0) == "CampaignEngine" }
        }
        #expect(importing.map(\.path) == ["Sources/CampaignStore/StoreLedger.swift"])
    }

    static func imported(by line: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard let index = words.firstIndex(of: "import"), index <= 2, words.count > index + 1 else { return nil }
        let access: Set = ["public", "internal", "package", "fileprivate", "private", "@testable", "@preconcurrency"]
        guard words[..<index].allSatisfy(access.contains) else { return nil }
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = kinds.contains(words[index + 1]) && words.count > index + 2 ? words[index + 2] : words[index + 1]
        return name.split(separator: ".").first.map(String.init)
    }
}
