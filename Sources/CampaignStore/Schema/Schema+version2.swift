extension Schema {
    /// How many campaigns are paused is counted without reading all of them.
    static let version2 = """
        CREATE INDEX campaigns_paused ON campaigns (number) WHERE paused = 1;
        """
}
