/// Which release this is: what the three programs answer to `--version`, and the daemon in `Status`.
public enum Release {
    public static let version = "0.1.0"
}
