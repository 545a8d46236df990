#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What happens when the reader of the output goes away.
enum BrokenPipe {
    /// The tool goes away too, without a word, as any filter does; whatever its parent had set.
    static func endsTheProcess() { _ = signal(SIGPIPE, SIG_DFL) }

    /// Writing fails, so that what is under way can be brought to an end.
    static func isAnError() { _ = signal(SIGPIPE, SIG_IGN) }
}
