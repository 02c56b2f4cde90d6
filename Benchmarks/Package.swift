// swift-tools-version:6.2
import PackageDescription

// A package of its own: nothing that is built or shipped depends on what is only measured against. Recurrence is
// a link to the project's sources, so that building needs none of the project's packages.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "campaignd-benchmarks",
    targets: [
        .target(name: "Recurrence", swiftSettings: settings),
        .target(name: "LibicalWalk", linkerSettings: [.linkedLibrary("ical")]),
        .executableTarget(
            name: "recurrence-bench", dependencies: ["Recurrence", "LibicalWalk"], path: "Sources/RecurrenceBench",
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
