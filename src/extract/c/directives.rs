//! What a logical line says: an include, a module, a condition, the head of a program.

/// A line that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive<'t> {
    /// The name with its delimiters, `"x.h"` or `<x.h>`, and whether the search goes on behind the folder of the file.
    Include {
        name: &'t str,
        next: bool,
    },
    /// A named module or a partition (`:part`).
    Import(&'t str),
    /// The file is part of a module; `interface` when others can import it.
    Module {
        name: &'t str,
        interface: bool,
    },
    /// `#if`, and whether it can never hold.
    If {
        never: bool,
    },
    /// `#else`, `#elif` and their like; `never` likewise.
    Else {
        never: bool,
    },
    EndIf,
    /// `int main(`.
    Main,
}

/// Reads a line; `modules` when the file can be C++ of 2020.
pub(super) fn read(line: &str, modules: bool) -> Option<Directive<'_>> {
    let line = line.trim();
    match line.strip_prefix('#').or_else(|| line.strip_prefix("%:")) {
        Some(directive) => preprocess(directive.trim_start()),
        None if is_main(line) => Some(Directive::Main),
        None if modules => module(line),
        None => None,
    }
}

fn preprocess(directive: &str) -> Option<Directive<'_>> {
    let end = directive.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let (word, rest) = directive.split_at(end.unwrap_or(directive.len()));
    let rest = rest.trim();
    Some(match word {
        // `#import` is Objective-C's `#include`.
        "include" | "import" | "include_next" => Directive::Include {
            name: header_name(rest)?,
            next: word == "include_next",
        },
        "if" => Directive::If {
            never: is_never(rest),
        },
        "ifdef" | "ifndef" => Directive::If { never: false },
        "elif" => Directive::Else {
            never: is_never(rest),
        },
        "else" | "elifdef" | "elifndef" => Directive::Else { never: false },
        "endif" => Directive::EndIf,
        _ => return None,
    })
}

fn is_never(condition: &str) -> bool {
    matches!(condition, "0" | "(0)" | "false")
}

/// `"x.h"` or `<x.h>`; a macro is neither, and what it comes to is not known.
fn header_name(text: &str) -> Option<&str> {
    let close = match text.as_bytes().first()? {
        b'"' => '"',
        b'<' => '>',
        _ => return None,
    };
    let end = text[1..].find(close)? + 1;
    (!text[1..end].trim().is_empty()).then_some(&text[..=end])
}

/// `import a.b;`, `export import :part;`, `import <x>;`, `module a;`, `export module a:part;`.
fn module(line: &str) -> Option<Directive<'_>> {
    let (exported, rest) = match word(line, "export") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    if let Some(rest) = word(rest, "import") {
        if let Some(name) = header_name(rest) {
            return ends(&rest[name.len()..]).then_some(Directive::Include { name, next: false });
        }
        return module_name(rest).map(Directive::Import);
    }
    let name = module_name(word(rest, "module")?)?;
    // `module :private;` is no module of its own.
    (!name.starts_with(':')).then_some(Directive::Module {
        name,
        interface: exported,
    })
}

/// What follows a word.
fn word<'t>(line: &'t str, word: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(word)?;
    let apart = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '<' | '"' | ':'));
    apart.then(|| rest.trim_start())
}

/// A module's name, when nothing else stands before the semicolon but attributes.
fn module_name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | ':'));
    let (name, rest) = text.split_at(end?);
    let is_name =
        !name.is_empty() && !name.contains("::") && !name.starts_with(|c: char| c.is_ascii_digit());
    (is_name && ends(rest)).then_some(name)
}

fn ends(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with(';') || rest.starts_with("[[")
}

/// The head of a program's main function, at the beginning of its line.
fn is_main(line: &str) -> bool {
    let rest = ["int", "auto"]
        .iter()
        .find_map(|kind| line.strip_prefix(kind))
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .unwrap_or(line)
        .trim_start();
    let rest = rest.strip_prefix("main").map(str::trim_start);
    // A call ends with a semicolon.
    rest.is_some_and(|rest| rest.starts_with('(')) && !line.ends_with(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_keep_their_delimiters() {
        for (line, name) in [
            ("#include \"a/b.h\"", Some("\"a/b.h\"")),
            ("# include<a.h> x", Some("<a.h>")),
            ("#import <UIKit/UIKit.h>", Some("<UIKit/UIKit.h>")),
            ("%:include \"a.h\"", Some("\"a.h\"")),
            ("#include CONFIG_H", None),
            ("#include \"a.h", None),
            ("#include <>", None),
            ("#includes <a>", None),
            ("import <vector>;", Some("<vector>")),
            ("import <vector>", None),
        ] {
            let found = match read(line, true) {
                Some(Directive::Include { name, .. }) => Some(name),
                _ => None,
            };
            assert_eq!(found, name, "{line}");
        }
        let next = Directive::Include {
            name: "<a.h>",
            next: true,
        };
        assert_eq!(read("#include_next <a.h>", false), Some(next));
    }

    #[test]
    fn modules_are_told_from_calls_and_variables() {
        let module = |name, interface| Some(Directive::Module { name, interface });
        for (line, found) in [
            ("import acme.cart;", Some(Directive::Import("acme.cart"))),
            ("export import :part;", Some(Directive::Import(":part"))),
            (
                "export module acme.cart:part;",
                module("acme.cart:part", true),
            ),
            ("module acme.cart;", module("acme.cart", false)),
            ("module;", None),
            ("module :private;", None),
            ("import = 3;", None),
            ("import(\"x\");", None),
            ("import::run();", None),
            ("export int x;", None),
        ] {
            assert_eq!(read(line, true), found, "{line}");
        }
        assert_eq!(read("import acme;", false), None);
    }

    #[test]
    fn a_main_function_is_told_from_a_call() {
        for line in [
            "int main(int argc, char** argv) {",
            "int main ()",
            "main()",
            "auto main() -> int {",
        ] {
            assert_eq!(read(line, false), Some(Directive::Main), "{line}");
        }
        for line in [
            "int mainly()",
            "main(1);",
            "int main;",
            "int x() {",
            "interface main()",
        ] {
            assert_eq!(read(line, false), None, "{line}");
        }
    }

    #[test]
    fn conditions_that_never_hold_are_told() {
        assert_eq!(read("#if 0", false), Some(Directive::If { never: true }));
        assert_eq!(read("#if X", false), Some(Directive::If { never: false }));
        assert_eq!(
            read("#elif 0", false),
            Some(Directive::Else { never: true })
        );
        assert_eq!(read("# endif", false), Some(Directive::EndIf));
    }
}
