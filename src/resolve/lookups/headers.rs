//! What the name of a header tells: that it belongs to the system, or what a build makes it from.

/// Headers of C, C++, POSIX, Linux and Windows: a file of the tree with such a name is meant only when the build says so.
///
/// Sorted. Sources: <https://eel.is/c++draft/headers>, <https://pubs.opengroup.org/onlinepubs/9799919799/idx/head.html>
const SYSTEM: &[&str] = &[
    "aio.h",
    "algorithm",
    "alloca.h",
    "any",
    "array",
    "assert.h",
    "atomic",
    "barrier",
    "bit",
    "bitset",
    "byteswap.h",
    "cassert",
    "ccomplex",
    "cctype",
    "cerrno",
    "cfenv",
    "cfloat",
    "charconv",
    "chrono",
    "cinttypes",
    "ciso646",
    "climits",
    "clocale",
    "cmath",
    "codecvt",
    "compare",
    "complex",
    "complex.h",
    "concepts",
    "condition_variable",
    "conio.h",
    "coroutine",
    "cpio.h",
    "csetjmp",
    "csignal",
    "cstdalign",
    "cstdarg",
    "cstdbool",
    "cstddef",
    "cstdint",
    "cstdio",
    "cstdlib",
    "cstring",
    "ctgmath",
    "ctime",
    "ctype.h",
    "cuchar",
    "cwchar",
    "cwctype",
    "cxxabi.h",
    "debugging",
    "deque",
    "direct.h",
    "dirent.h",
    "dlfcn.h",
    "elf.h",
    "endian.h",
    "err.h",
    "errno.h",
    "error.h",
    "exception",
    "execinfo.h",
    "execution",
    "expected",
    "fcntl.h",
    "features.h",
    "fenv.h",
    "filesystem",
    "flat_map",
    "flat_set",
    "float.h",
    "fmtmsg.h",
    "fnmatch.h",
    "format",
    "forward_list",
    "fstream",
    "ftw.h",
    "functional",
    "future",
    "generator",
    "getopt.h",
    "glob.h",
    "grp.h",
    "hazard_pointer",
    "iconv.h",
    "ifaddrs.h",
    "immintrin.h",
    "initializer_list",
    "intrin.h",
    "inttypes.h",
    "io.h",
    "iomanip",
    "ios",
    "iosfwd",
    "iostream",
    "iso646.h",
    "istream",
    "iterator",
    "langinfo.h",
    "latch",
    "libgen.h",
    "libintl.h",
    "limits",
    "limits.h",
    "link.h",
    "list",
    "locale",
    "locale.h",
    "malloc.h",
    "map",
    "math.h",
    "mdspan",
    "memory",
    "memory.h",
    "memory_resource",
    "monetary.h",
    "mqueue.h",
    "mutex",
    "ndbm.h",
    "netdb.h",
    "new",
    "nl_types.h",
    "numbers",
    "numeric",
    "objbase.h",
    "optional",
    "ostream",
    "poll.h",
    "print",
    "process.h",
    "pthread.h",
    "pwd.h",
    "queue",
    "random",
    "ranges",
    "ratio",
    "regex",
    "regex.h",
    "resolv.h",
    "sched.h",
    "scoped_allocator",
    "search.h",
    "semaphore",
    "semaphore.h",
    "set",
    "setjmp.h",
    "shared_mutex",
    "shlobj.h",
    "shlwapi.h",
    "signal.h",
    "source_location",
    "span",
    "spanstream",
    "spawn.h",
    "sstream",
    "stack",
    "stacktrace",
    "stdalign.h",
    "stdarg.h",
    "stdatomic.h",
    "stdbool.h",
    "stddef.h",
    "stdexcept",
    "stdfloat",
    "stdint.h",
    "stdio.h",
    "stdlib.h",
    "stdnoreturn.h",
    "stop_token",
    "streambuf",
    "string",
    "string.h",
    "string_view",
    "strings.h",
    "stropts.h",
    "strstream",
    "syncstream",
    "sysexits.h",
    "syslog.h",
    "system_error",
    "tar.h",
    "tchar.h",
    "termios.h",
    "text_encoding",
    "tgmath.h",
    "thread",
    "threads.h",
    "time.h",
    "trace.h",
    "tuple",
    "type_traits",
    "typeindex",
    "typeinfo",
    "uchar.h",
    "ucontext.h",
    "ulimit.h",
    "unistd.h",
    "unordered_map",
    "unordered_set",
    "utility",
    "utime.h",
    "utmpx.h",
    "valarray",
    "variant",
    "vector",
    "version",
    "wchar.h",
    "wctype.h",
    "windows.h",
    "winsock2.h",
    "wordexp.h",
    "ws2tcpip.h",
    "xmmintrin.h",
];

/// Folders of such headers.
const SYSTEM_FOLDERS: &[&str] = &[
    "arpa",
    "asm",
    "asm-generic",
    "bits",
    "experimental",
    "ext",
    "linux",
    "mach",
    "mach-o",
    "net",
    "netinet",
    "netinet6",
    "sys",
];

/// Whether a name is that of a header of the language or the system.
pub(super) fn is_of_the_system(name: &str) -> bool {
    match name.split_once('/') {
        Some((folder, _)) => SYSTEM_FOLDERS.contains(&folder),
        None => SYSTEM
            .binary_search(&name.to_ascii_lowercase().as_str())
            .is_ok(),
    }
}

/// The interface definitions from which a header of this name can be made.
pub(super) fn made_from(name: &str) -> Vec<String> {
    const ENDS: &[(&str, &str)] = &[
        (".grpc.pb.h", ".proto"),
        ("_mock.grpc.pb.h", ".proto"),
        (".pb.validate.h", ".proto"),
        (".pb.h", ".proto"),
        (".upb.h", ".proto"),
        (".upbdefs.h", ".proto"),
        (".pb-c.h", ".proto"),
        ("_generated.h", ".fbs"),
        (".capnp.h", ".capnp"),
        ("_types.h", ".thrift"),
        ("_constants.h", ".thrift"),
    ];
    let made = ENDS.iter().filter_map(|(end, source)| {
        let stem = name.strip_suffix(end)?;
        // Thrift writes into a folder of its own and keeps no folders.
        let stem = match *source {
            ".thrift" => stem.rsplit('/').next().unwrap_or(stem),
            _ => stem,
        };
        Some(format!("{stem}{source}"))
    });
    made.collect()
}

/// A message, service or action of ROS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message<'n> {
    pub(super) package: &'n str,
    /// The folders that can hold its definition, which are the endings, too.
    pub(super) kinds: Vec<&'n str>,
    stem: String,
}

impl Message<'_> {
    /// Whether a definition of this name, in CamelCase, is the one.
    pub(super) fn is(&self, stem: &str) -> bool {
        plain(stem) == self.stem
    }
}

/// The message whose header this is: `acme_msgs/msg/cart_item.hpp`, `acme_msgs/CartItem.h`.
///
/// Source: <https://docs.ros.org/en/rolling/Concepts/Basic/About-Interfaces.html>
pub(super) fn message(name: &str) -> Option<Message<'_>> {
    let segments: Vec<&str> = name.split('/').collect();
    let stem = segments.last()?.split('.').next()?;
    let (package, kinds) = match segments[..] {
        [package, kind @ ("msg" | "srv" | "action"), _]
        | [package, kind @ ("msg" | "srv" | "action"), "detail", _] => (package, vec![kind]),
        // ROS 1, in which an action has several messages.
        [package, _] if name.ends_with(".h") => (package, vec!["msg", "srv", "action"]),
        _ => return None,
    };
    let stem = stem.split("__").next().unwrap_or(stem);
    Some(Message {
        package,
        kinds,
        stem: plain(stem),
    })
}

fn plain(text: &str) -> String {
    text.replace('_', "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(SYSTEM.is_sorted_by(|a, b| a < b));
        for name in ["vector", "Windows.h", "stdio.h", "sys/types.h"] {
            assert!(is_of_the_system(name), "{name}");
        }
        for name in ["acme/string.h", "cart.h", "net.h"] {
            assert!(!is_of_the_system(name), "{name}");
        }
    }

    #[test]
    fn made_headers_have_a_definition() {
        assert_eq!(made_from("acme/cart.pb.h"), ["acme/cart.proto"]);
        assert_eq!(
            made_from("acme/cart.grpc.pb.h"),
            ["acme/cart.proto", "acme/cart.grpc.proto"]
        );
        assert_eq!(made_from("../../gen-cpp/cart_types.h"), ["cart.thrift"]);
        assert!(made_from("cart.h").is_empty());
    }

    #[test]
    fn messages_are_found_by_their_headers() {
        let found = message("acme_msgs/srv/detail/get_cart__struct.hpp").unwrap();
        assert_eq!((found.package, &*found.kinds), ("acme_msgs", &["srv"][..]));
        assert!(found.is("GetCart"));
        assert!(message("acme_msgs/CartItem.h").unwrap().is("CartItem"));
        assert_eq!(message("acme/cart/item.hpp"), None);
    }
}
