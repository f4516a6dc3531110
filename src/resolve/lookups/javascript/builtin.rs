//! Modules that Node brings itself: <https://nodejs.org/api/module.html#modulebuiltinmodules>

/// Sorted.
const MODULES: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Whether Node brings a module, or a part of one (`fs/promises`).
pub(super) fn is_builtin(name: &str) -> bool {
    let module = name.split('/').next().unwrap_or(name);
    MODULES.binary_search(&module).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(MODULES.is_sorted_by(|a, b| a < b));
        assert!(is_builtin("fs/promises"));
        assert!(!is_builtin("react"));
    }
}
