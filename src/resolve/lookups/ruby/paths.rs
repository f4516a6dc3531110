//! How well does a path fit the constant that its file defines, as Zeitwerk would have it?
//!
//! Case and underscores are left out, so that every inflection fits (`html_parser.rb`, `HTMLParser`).
//! Source: <https://github.com/fxn/zeitwerk#file-structure>

/// How well a path fits, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Nothing in the name of the file points to the constant.
    None,
    /// The file is named after a module around it: `errors.rb` has not, `cart.rb` has `Cart::Empty`.
    Around,
    /// Named after it.
    Name,
    /// The folders are those of the modules around it.
    Path,
    /// And they start where autoloading does.
    Root,
}

/// How well a path fits a constant.
pub(super) fn fit(path: &str, constant: &str) -> Fit {
    let stem = path.strip_suffix(".rb").unwrap_or(path);
    let wanted: Vec<String> = constant.split("::").map(normal).collect();
    let found: Vec<String> = stem.split('/').map(normal).collect();
    let (Some(last), Some(name)) = (wanted.last(), found.last()) else {
        return Fit::None;
    };
    if last != name {
        return if wanted.contains(name) {
            Fit::Around
        } else {
            Fit::None
        };
    }
    if !found.ends_with(&wanted) {
        return Fit::Name;
    }
    let before: Vec<&str> = stem.split('/').collect();
    if is_autoload_root(&before[..before.len() - wanted.len()]) {
        Fit::Root
    } else {
        Fit::Path
    }
}

/// A name without case, underscores and hyphens.
pub(super) fn normal(segment: &str) -> String {
    segment.replace(['_', '-'], "").to_lowercase()
}

/// `app/models`, `app/models/concerns`, `lib`, `app/public` of a pack.
fn is_autoload_root(folders: &[&str]) -> bool {
    matches!(
        folders,
        [.., "lib"] | [.., "app", _] | [.., "app", _, "concerns"]
    )
}

/// Constants of Ruby itself and of the libraries that everybody opens again, sorted.
const CORE: &[&str] = &[
    "ARGF",
    "ARGV",
    "ActionCable",
    "ActionController",
    "ActionDispatch",
    "ActionMailbox",
    "ActionMailer",
    "ActionPack",
    "ActionText",
    "ActionView",
    "ActiveJob",
    "ActiveModel",
    "ActiveRecord",
    "ActiveStorage",
    "ActiveSupport",
    "ArgumentError",
    "Array",
    "BasicObject",
    "Benchmark",
    "BigDecimal",
    "Bundler",
    "CSV",
    "Class",
    "Comparable",
    "Complex",
    "Date",
    "DateTime",
    "Digest",
    "Dir",
    "ENV",
    "ERB",
    "Encoding",
    "Enumerable",
    "Enumerator",
    "Exception",
    "FalseClass",
    "Faraday",
    "Fiber",
    "File",
    "FileUtils",
    "Float",
    "Forwardable",
    "GC",
    "Gem",
    "Hash",
    "I18n",
    "IO",
    "IndexError",
    "Integer",
    "JSON",
    "Kernel",
    "KeyError",
    "LoadError",
    "Logger",
    "Marshal",
    "Math",
    "Method",
    "Minitest",
    "Module",
    "Monitor",
    "Mutex",
    "NameError",
    "Net",
    "NilClass",
    "NoMethodError",
    "Nokogiri",
    "NotImplementedError",
    "Numeric",
    "Object",
    "ObjectSpace",
    "Observable",
    "OpenSSL",
    "OpenStruct",
    "OptionParser",
    "Pathname",
    "Proc",
    "Process",
    "Psych",
    "RSpec",
    "RUBY_VERSION",
    "Rack",
    "Rails",
    "Rake",
    "Random",
    "Range",
    "RangeError",
    "Rational",
    "Regexp",
    "Ripper",
    "RuntimeError",
    "STDERR",
    "STDIN",
    "STDOUT",
    "SecureRandom",
    "Set",
    "Shellwords",
    "Signal",
    "Singleton",
    "Socket",
    "StandardError",
    "String",
    "StringIO",
    "StringScanner",
    "Struct",
    "Symbol",
    "SystemExit",
    "TCPSocket",
    "Tempfile",
    "Thread",
    "Time",
    "Timeout",
    "TrueClass",
    "TypeError",
    "URI",
    "UnboundMethod",
    "WEBrick",
    "YAML",
    "Zlib",
];

/// Whether a constant is one of Ruby's own, or of its standard libraries and Rails.
pub(super) fn is_core(name: &str) -> bool {
    let first = name.split("::").next().unwrap_or(name);
    CORE.binary_search(&first).is_ok()
}

/// What `require` finds in Ruby's standard library, sorted: <https://stdgems.org/>.
const LIBRARIES: &[&str] = &[
    "English",
    "abbrev",
    "base64",
    "benchmark",
    "bigdecimal",
    "bundler",
    "cgi",
    "coverage",
    "csv",
    "date",
    "delegate",
    "digest",
    "drb",
    "erb",
    "etc",
    "fcntl",
    "fiddle",
    "fileutils",
    "find",
    "forwardable",
    "getoptlong",
    "io",
    "ipaddr",
    "irb",
    "json",
    "logger",
    "matrix",
    "minitest",
    "monitor",
    "mutex_m",
    "net",
    "nkf",
    "objspace",
    "observer",
    "open-uri",
    "open3",
    "openssl",
    "optparse",
    "ostruct",
    "pathname",
    "pp",
    "prettyprint",
    "prime",
    "pstore",
    "psych",
    "racc",
    "rake",
    "rbconfig",
    "readline",
    "reline",
    "resolv",
    "rexml",
    "rinda",
    "ripper",
    "rubygems",
    "securerandom",
    "set",
    "shellwords",
    "singleton",
    "socket",
    "stringio",
    "strscan",
    "syslog",
    "tempfile",
    "time",
    "timeout",
    "tmpdir",
    "tsort",
    "un",
    "uri",
    "weakref",
    "win32ole",
    "yaml",
    "zlib",
];

/// Whether a name is that of a file of Ruby's standard library.
pub(super) fn is_library(name: &str) -> bool {
    let first = name.split('/').next().unwrap_or(name);
    LIBRARIES.binary_search(&first).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_constants_as_zeitwerk_has_it() {
        for (path, constant, expected) in [
            ("app/models/acme/cart.rb", "Acme::Cart", Fit::Root),
            ("app/models/concerns/counted.rb", "Counted", Fit::Root),
            (
                "engines/x/lib/acme/html_parser.rb",
                "Acme::HTMLParser",
                Fit::Root,
            ),
            ("packs/x/app/public/x/api.rb", "X::API", Fit::Root),
            ("app/models/acme/cart.rb", "Cart", Fit::Path),
            ("spec/support/cart.rb", "Acme::Cart", Fit::Name),
            ("app/models/acme/cart.rb", "Acme::Cart::Empty", Fit::Around),
            ("lib/acme/errors.rb", "Acme::Lost", Fit::None),
        ] {
            assert_eq!(fit(path, constant), expected, "{path} {constant}");
        }
    }

    #[test]
    fn the_lists_are_sorted_so_that_they_can_be_searched() {
        assert!(CORE.is_sorted_by(|a, b| a < b));
        assert!(LIBRARIES.is_sorted_by(|a, b| a < b));
        assert!(is_library("net/http") && !is_library("acme/net"));
        assert!(is_core("Rails::Engine") && !is_core("Acme::Rails"));
    }
}
