// swift-tools-version:6.2
import PackageDescription

// What each target may import is the architecture: see docs/architecture.md, held by Tests/ArchitectureTests.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings, linkerSettings: [packed])
}

/// Half a megabyte of relocations, which the loader reads at each start and which stay in memory, become 7 KB. For
/// glibc 2.36, that of Debian 12, and later.
let packed: LinkerSetting = .unsafeFlags(
    ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"], .when(configuration: .release))

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: fixtures[name] ?? [], swiftSettings: settings)
}

/// Folders of files that tests read where they lie.
let fixtures: [String: [String]] = [
    "RecurrenceTests": ["Fixtures"], "VarlinkKitTests": ["Fixtures"], "EndToEndTests": ["Scenarios"],
    "OracleTests": ["Oracles"], "CampaignSendTests": ["Peers"], "SimulationTests": ["Stories"],
    "CampaignStoreTests": ["Fixtures"], "MailTests": ["Fixtures", "Judges"],
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
]
let grdb: [Target.Dependency] = [
    .product(name: "GRDB", package: "GRDB.swift"),
    .product(name: "GRDBSQLite", package: "GRDB.swift"),
]
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "campaignd",
    products: [
        .executable(name: "campaignd", targets: ["campaignd"]),
        .executable(name: "campaignctl", targets: ["campaignctl"]),
        .executable(name: "campaign-send", targets: ["campaign-send"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // For tests alone: another reader of templates beside ours.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // Loaded when it is first called, not linked: no pkgConfig, which would add -lsystemd.
        .systemLibrary(name: "CSystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CProcess"),
        .systemLibrary(name: "CTasks"),
        // Loaded when a webhook or mail is sent, not linked: no pkgConfig, which would add -lcurl.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        library("SystemdKit", ["CSystemd"]),
        library("JSONTokens"),
        library("Recurrence"),
        library("Spelling"),
        library("StrictYAML", ["CYAML", "Spelling"]),
        library("CampaignModel", ["Recurrence", "Spelling"]),
        library("Mail", ["CampaignModel", "Recurrence"]),
        library("RecipientLists", ["CampaignModel", "JSONTokens"]),
        library("SurfaceFiles", ["CampaignModel", "Mail", "StrictYAML"]),
        library("CampaignEngine", ["CampaignModel", "Recurrence"]),
        library("CampaignStore", ["CampaignModel", "CampaignEngine", "Recurrence"] + grdb),
        library("SendProtocol", ["CampaignModel", "JSONTokens", "Recurrence"]),
        library("SendRecords", ["CProcess", "CampaignModel", "Recurrence", "SendProtocol", "SystemdKit"]),
        library("VarlinkKit", ["JSONTokens"] + nio),
        library(
            "ControlAPI", ["VarlinkKit", "CampaignModel", "Recurrence"],
            resources: [.embedInCode("org.campaignd.varlink")]),
        program(
            "campaignd",
            [
                "CTasks", "CampaignEngine", "CampaignModel", "CampaignStore", "ControlAPI", "Recurrence",
                "SendProtocol", "Spelling", "StrictYAML", "SurfaceFiles", "SystemdKit", "VarlinkKit", argumentParser,
            ] + nio),
        program(
            "campaignctl",
            [
                "CampaignModel", "ControlAPI", "JSONTokens", "RecipientLists", "Recurrence", "Spelling", "StrictYAML",
                "VarlinkKit", argumentParser,
            ]),
        program(
            "campaign-send",
            [
                "CCurl", "CProcess", "CampaignModel", "Mail", "RecipientLists", "Recurrence", "SendProtocol",
                "SendRecords", "StrictYAML", "SurfaceFiles", "SystemdKit",
            ]),

        .executableTarget(
            name: "SystemdProbe", dependencies: ["SystemdKit"], path: "Tests/Support/SystemdProbe",
            swiftSettings: settings),
        .target(name: "ProgramRun", path: "Tests/Support/ProgramRun", swiftSettings: settings),
        .target(
            name: "SystemdMachine", dependencies: ["ProgramRun"], path: "Tests/Support/SystemdMachine",
            swiftSettings: settings),
        tests("ArchitectureTests", []),
        .target(name: "SeededRandom", path: "Tests/Support/SeededRandom", swiftSettings: settings),
        .target(
            name: "WireForm", dependencies: ["Mail"], path: "Tests/Support/WireForm", swiftSettings: settings),
        .target(name: "ScriptFile", path: "Tests/Support/ScriptFile", swiftSettings: settings),
        .target(
            name: "ZoneFixtures", dependencies: ["Recurrence"], path: "Tests/Support/ZoneFixtures",
            swiftSettings: settings),
        .target(
            name: "ScheduleCases", dependencies: ["Recurrence"], path: "Tests/Support/ScheduleCases",
            swiftSettings: settings),
        tests("RecurrenceTests", ["Recurrence", "ScheduleCases", "SeededRandom", "ZoneFixtures"]),
        tests("OracleTests", ["Recurrence", "ScheduleCases", "SeededRandom"]),
        tests(
            "FuzzTests",
            [
                "campaign-send", "campaignctl", "campaignd", "CampaignEngine", "CampaignModel", "CampaignStore",
                "ControlAPI", "ControlBench", "JSONTokens", "Mail", "RecipientLists", "Recurrence", "SeededRandom",
                "SendProtocol", "StrictYAML", "SurfaceFiles", "VarlinkKit", "WireForm",
            ] + grdb),
        tests("JSONTokensTests", ["JSONTokens"]),
        tests("StrictYAMLTests", ["StrictYAML"]),
        tests("SystemdKitTests", ["ProgramRun", "SystemdKit", "SystemdMachine", "SystemdProbe"]),
        tests(
            "MailTests",
            [
                "CampaignModel", "Mail", "ProgramRun", "Recurrence", "SeededRandom", "WireForm",
                .product(name: "Mustache", package: "swift-mustache"),
            ]),
        tests("CampaignModelTests", ["CampaignModel", "Recurrence", "SeededRandom", "ZoneFixtures"]),
        tests(
            "CampaignStoreTests",
            ["CampaignStore", "CampaignEngine", "CampaignModel", "Recurrence", "SeededRandom"] + grdb),
        tests(
            "CampaignEngineTests",
            ["CampaignEngine", "CampaignModel", "CampaignStore", "Recurrence", "ZoneFixtures"]),
        tests("SendProtocolTests", ["SendProtocol", "CampaignModel", "Recurrence"]),
        .target(
            name: "SimulatedDisk", dependencies: ["SeededRandom", "SendRecords", "SystemdKit"],
            path: "Tests/Support/SimulatedDisk", swiftSettings: settings),
        tests(
            "SendRecordsTests",
            [
                "SendRecords", "SendProtocol", "SimulatedDisk", "SystemdKit", "CampaignModel", "Recurrence",
            ]),
        tests(
            "VarlinkKitTests",
            ["JSONTokens", "ProgramRun", "VarlinkKit", .product(name: "NIOEmbedded", package: "swift-nio")] + nio),
        tests(
            "CampaigndTests",
            [
                "campaignd", "campaign-send", "CampaignEngine", "CampaignModel", "CampaignStore", "ControlAPI",
                "ProgramRun", "Recurrence", "ScriptFile", "SendProtocol", "SystemdKit",
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio),
        tests(
            "CampaignSendTests",
            [
                "campaign-send", "Mail", "ProgramRun", "RecipientLists", "ScriptFile", "SeededRandom", "SendProtocol",
                "SendRecords", "StrictYAML", "SurfaceFiles", "SystemdKit", "CampaignModel", "Recurrence",
            ]),
        .target(
            name: "ControlBench",
            dependencies: ["ControlAPI", "ProgramRun", "VarlinkKit", "CampaignModel", "Recurrence"],
            path: "Tests/Support/ControlBench", swiftSettings: settings),
        tests(
            "ControlAPITests",
            ["ControlAPI", "ControlBench", "ProgramRun", "VarlinkKit", "CampaignModel", "Recurrence"]),
        tests(
            "CampaignctlTests",
            [
                "campaignctl", "ControlAPI", "ControlBench", "ProgramRun", "SeededRandom", "VarlinkKit",
                "CampaignModel", "Recurrence",
            ]),
        .executableTarget(
            name: "Simulation",
            dependencies: [
                "CampaignEngine", "CampaignModel", "CampaignStore", "Recurrence", "SeededRandom", "SendProtocol",
                "SendRecords", "SimulatedDisk", "SystemdKit", "ZoneFixtures",
            ], path: "Tests/Simulation", swiftSettings: settings),
        tests("SimulationTests", ["ProgramRun", "Simulation", "SystemdMachine"]),
        tests("EndToEndTests", ["ProgramRun", "SystemdMachine", "campaignd", "campaignctl", "campaign-send"]),
    ],
    swiftLanguageModes: [.v6]
)
